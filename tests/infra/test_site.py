#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site is plain: whole pages, one script, nothing from elsewhere, no dead links."""
import base64
import configparser
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import infra_tap

SITE = infra_tap.INFRA / 'site'
PAGES = sorted(SITE.glob('*.html'))
KEY = b'\x99\x01\x0d' + bytes(range(64))
VOID = {'meta', 'link', 'img', 'br'}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.open, self.faults, self.names, self.headings = [], [], [], []
        self.images, self.language = [], None
        self.feed(text)
        self.faults += [f'<{tag}> is not closed' for tag in self.open]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ('iframe', 'form', 'style') or tag == 'script' and attrs.get('src') != '/reviews.js' or any(name.startswith('on') for name in attrs):
            self.faults.append(f'<{tag}> may not be there')
        if 'style' in attrs:
            self.faults.append(f'<{tag}> has a style of its own, which the policy refuses')
        if tag == 'html':
            self.language = attrs.get('lang')
        if tag == 'img':
            self.images.append(attrs)
        if tag in ('h1', 'h2', 'h3'):
            self.headings.append(tag)
        self.names += [attrs[name] for name in ('href', 'src') if name in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f'</{tag}> closes nothing')


class SiteTest(unittest.TestCase):
    def test_pages(self):
        self.assertEqual([page.name for page in PAGES], ['404.html', 'film.html', 'index.html', 'person.html', 'privacy.html'])
        for path in PAGES:
            page = Page(path.read_text())
            self.assertEqual(page.faults, [], path.name)
            self.assertEqual(page.language, 'en')
            self.assertEqual(page.headings[:1] + page.headings.count('h1') * ['!'], ['h1', '!'], path.name)
            self.assertTrue(all('alt' in image and 'width' in image for image in page.images), path.name)

    def test_links(self):
        for path in PAGES:
            for name in Page(path.read_text()).names:
                self.assertTrue(name.startswith('/') and not name.startswith('//'), f'{path.name}: {name}')
                self.assertTrue((SITE / (name[1:] or 'index.html')).is_file(), f'{path.name}: {name}')

    def test_style_asks_for_nothing(self):
        text = (SITE / 'style.css').read_text()
        self.assertNotIn('url(', text)
        self.assertNotIn('@import', text)

    def test_pictures(self):
        for path in SITE.glob('*.svg'):
            root = ElementTree.parse(path).getroot()
            self.assertTrue(root.tag.endswith('svg'))
            self.assertFalse([e for e in root.iter() if e.tag.endswith(('script', 'foreignObject', 'image'))])

    def test_checker_finds_faults(self):
        for text in ('<script src="/a.js"></script>', '<p style="color:red"></p>', '<p><b></p>', '<div>'):
            self.assertNotEqual(Page(text).faults, [], text)

    def make(self, *options, status=0):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            repository = folder / 'repository'
            repository.mkdir()
            (repository / 'config').write_text('[core]\nrepo_version=1\nmode=archive-z2\n')
            (repository / 'summary.sig').write_bytes(b'signature')
            (folder / 'key').write_bytes(KEY)
            (folder / 'armoured').write_text(
                '-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: Rafilm\n\n'
                + base64.encodebytes(KEY).decode() + '=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n')
            (folder / 'no-key').write_bytes(b'private')
            done = subprocess.run(
                [sys.executable, infra_tap.INFRA / 'make_site.py', 'site', '--api', 'https://api.test/prod',
                 *options], cwd=folder, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode != 0, status != 0, done.stderr)
            reference = folder / 'site' / 'rafilm.flatpakref'
            index = folder / 'site' / 'index.html'
            return (reference.read_text() if reference.exists() else None,
                    index.read_text() if index.exists() else None,
                    (folder / 'site' / 'repository' / 'summary.sig').exists())

    def test_made_without_repository(self):
        reference, index, repository = self.make()
        self.assertIsNone(reference)
        self.assertFalse(repository)
        self.assertNotIn('flatpakref', index)
        self.assertNotIn('<!-- install', index)

    def test_made_with_repository(self):
        address = ['--repository', 'repository', '--address', 'https://site.test/']
        reference, index, repository = self.make(*address, '--key', 'key')
        parsed = configparser.ConfigParser(interpolation=None)
        parsed.optionxform = str
        parsed.read_string(reference)
        self.assertEqual(parsed['Flatpak Ref']['Url'], 'https://site.test/repository/')
        self.assertEqual(base64.b64decode(parsed['Flatpak Ref']['GPGKey'], validate=True), KEY)
        self.assertTrue(repository)
        self.assertIn('href="/rafilm.flatpakref"', index)
        self.assertEqual(Page(index).faults, [])
        self.assertEqual(self.make(*address, '--key', 'armoured')[0], reference)
        self.make(*address, '--key', 'no-key', status=1)
        self.make(*address, status=1)

    def test_attribution(self):
        text = ' '.join((SITE / 'index.html').read_text().split())
        self.assertIn('This product uses the TMDB API but is not endorsed or certified by TMDB.', text)


if __name__ == '__main__':
    infra_tap.run()
