# SPDX-License-Identifier: GPL-3.0-or-later
"""The cloud's table, read and put back as the person who runs the service would."""

import os
import subprocess
import sys

import boto3
from botocore.config import Config

from rafilm_e2e import check

RESTORE = os.path.join(os.path.dirname(__file__), "..", "..", "infra", "restore.py")
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local",
               "AWS_DEFAULT_REGION": "us-east-1"}


class Table:
    def __init__(self, endpoints):
        self.url = endpoints["RAFILM_DYNAMODB_URL"]
        self.name = endpoints["RAFILM_TABLE"]
        resource = boto3.resource(
            "dynamodb", endpoint_url=self.url, region_name="us-east-1", aws_access_key_id="local",
            aws_secret_access_key="local", config=Config(retries={"max_attempts": 5}))
        self.table = resource.Table(self.name)

    def read(self):
        """All items."""
        items, arguments = [], {"ConsistentRead": True}
        while True:
            page = self.table.scan(**arguments)
            items += page["Items"]
            if "LastEvaluatedKey" not in page:
                return items
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def rows(self):
        """{key: item} of the rows of all diaries."""
        return {(item["pk"], item["sk"]): item for item in self.read() if "q" in item}

    def put_back(self, items, word):
        """As a restore to an earlier time: everything since is gone, and each diary gets a new
        epoch."""
        with self.table.batch_writer() as batch:
            for item in self.read():
                batch.delete_item(Key={"pk": item["pk"], "sk": item["sk"]})
        with self.table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)
        done = subprocess.run([sys.executable, RESTORE, self.name, word, "--endpoint", self.url],
                              env=os.environ | CREDENTIALS, capture_output=True, text=True,
                              timeout=120, check=False)
        check(done.returncode == 0, "restore.py", done.stdout, done.stderr)
