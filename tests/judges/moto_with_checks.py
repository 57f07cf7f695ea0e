# SPDX-License-Identifier: GPL-3.0-or-later
"""moto_server with its checks of signatures mended: where no X-Amz-Content-Sha256 is sent, which
only S3 demands, moto 5.1 hashes the parsed body instead of the bytes that came. What is checked,
and by what, stays moto's and botocore's."""
import sys

import flask
from moto.iam import access_control
from moto.server import main

create = access_control.IAMRequestBase.__init__


def create_with_bytes(self, *arguments, **named):
    named['body'] = flask.request.get_data()
    create(self, *arguments, **named)


access_control.IAMRequestBase.__init__ = create_with_bytes
main(sys.argv[1:])
