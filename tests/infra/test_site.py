#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The site is plain: whole pages, one script, nothing from elsewhere, no dead links."""
import unittest
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import infra_tap

SITE = infra_tap.INFRA / 'site'
PAGES = sorted(SITE.glob('*.html'))
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

    def test_attribution(self):
        text = ' '.join((SITE / 'index.html').read_text().split())
        self.assertIn('This product uses the TMDB API but is not endorsed or certified by TMDB.', text)


if __name__ == '__main__':
    infra_tap.run()
