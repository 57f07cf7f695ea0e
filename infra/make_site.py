#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts together what is uploaded as the site.

With --repository the site is also where people install Rafilm from: the Flatpak repository (an
OSTree repository of mode archive), and a .flatpakref that names it, with the public key that its
commits are signed with. Format: flatpak-flatpakref(5).
"""
import argparse
import base64
import json
import pathlib
import re
import shutil
import sys

SITE = pathlib.Path(__file__).resolve().parent / 'site'
ID = 'app.rafilm.Rafilm'
MARK = '<!-- install -->'
LINK = '<p><a class="install" href="/rafilm.flatpakref">Install Rafilm</a></p>'
REFERENCE = '''[Flatpak Ref]
Name={id}
Branch=stable
Title=Rafilm, a film diary
Url={site}/repository/
Homepage={site}/
SuggestRemoteName=rafilm
RuntimeRepo=https://dl.flathub.org/repo/flathub.flatpakrepo
IsRuntime=false
GPGKey={key}
'''


def read_key(path):
    """A public key as gpg --export writes it, binary or in ASCII armour; as one line of base64."""
    data = path.read_bytes()
    armour = re.search(rb'-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n(?:[^\n]+\r?\n)*?\r?\n(.*?)\r?\n(?:=|-----END)',
                       data, re.S)
    if armour is not None:
        data = base64.b64decode(armour.group(1), validate=False)
    # Its first packet must be a public key (RFC 9580, 4.2 and 5): of the old form 0x98 to 0x9b,
    # of the new one 0xc6.
    if not data or data[0] not in (0x98, 0x99, 0x9a, 0x9b, 0xc6):
        raise SystemExit(f'{path} is not an OpenPGP public key')
    return base64.b64encode(data).decode()


def check_repository(folder):
    config = folder / 'config'
    if not config.is_file() or 'mode=archive' not in config.read_text():
        raise SystemExit(f'{folder} is not an OSTree repository of mode archive')
    if not (folder / 'summary.sig').is_file():
        raise SystemExit(f'{folder} has no signed summary: flatpak build-update-repo --gpg-sign=KEY')


def make(options):
    shutil.copytree(SITE, options.folder)
    (options.folder / 'api.json').write_text(json.dumps({'api': options.api}) + '\n')
    index = options.folder / 'index.html'
    text = index.read_text()
    if options.repository is not None:
        check_repository(options.repository)
        shutil.copytree(options.repository, options.folder / 'repository')
        (options.folder / 'rafilm.flatpakref').write_text(
            REFERENCE.format(id=ID, site=options.address.rstrip('/'), key=read_key(options.key)))
    index.write_text(text.replace(MARK, LINK if options.repository is not None else ''))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('folder', type=pathlib.Path, help='what is made; must not be there')
    parser.add_argument('--api', required=True, help="the stack's output Api")
    parser.add_argument('--repository', type=pathlib.Path, help='a Flatpak repository with Rafilm in it')
    parser.add_argument('--key', type=pathlib.Path, help='the public key of its signatures')
    parser.add_argument('--address', help="the site's own, the stack's output SiteAddress")
    options = parser.parse_args()
    if options.folder.exists():
        parser.error(f'{options.folder} is there already')
    if options.repository is not None and (options.key is None or options.address is None):
        parser.error('--repository needs --key and --address')
    make(options)


if __name__ == '__main__':
    sys.exit(main())
