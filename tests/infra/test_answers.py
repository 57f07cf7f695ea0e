#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every route behind the local cloud: each answer is one that infra/openapi.yaml tells of, each
status that it tells of is really given, and nobody gets at what is another's."""
import base64
import io
import json
import os
import re
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

import infra_tap
import yaml
from jsonschema import Draft202012Validator

from validation.functions import read_handlers

SPEC = yaml.safe_load((infra_tap.INFRA / 'openapi.yaml').read_text())
MARK = 'xyzzy-the-diary-says'
# What the gateway or a failure gives, and not a request.
NOT_ASKED_FOR = {'429', '503'}
PRIVATE = [(method.upper(), path) for path, item in SPEC['paths'].items()
           for method, operation in item.items() if operation.get('security', SPEC['security']) != []]


def find_operation(method, path):
    """(route, operation) of a request's path; fixed parts win over parameters."""
    path = path.partition('?')[0]
    found = [template for template in SPEC['paths'] if method.lower() in SPEC['paths'][template]
             and re.fullmatch(re.sub(r'\{\w+\}', '[^/]+', template), path)]
    template = min(found, key=lambda t: t.count('{'))
    return f'{method} {template}', SPEC['paths'][template][method.lower()]


def resolve(answer):
    return SPEC['components']['responses'][answer['$ref'].rpartition('/')[2]] if '$ref' in answer else answer


class Person:
    """Somebody with an account and a token."""

    def __init__(self, cloud, folder, name):
        self.cloud = cloud
        self.name = name
        self.n = 0
        profile = folder / name
        profile.mkdir()
        environment = {**os.environ, **cloud.ends, 'RAFILM_KEYRING': 'file', 'HOME': str(profile),
                       'RAFILM_PASSWORD': 'A long word, or 2'}
        mail = f'{name}@example.org'

        def run(*arguments):
            subprocess.run([os.environ['RAFILM_CLI'], *arguments, '--profile', profile], env=environment,
                           check=True, capture_output=True, timeout=60)
        run('sign-up', mail)
        address = cloud.ends['RAFILM_MAIL_URL'] + '?to=' + urllib.parse.quote(mail)
        with urllib.request.urlopen(address, timeout=10) as answer:
            run('confirm', mail, json.load(answer)['code'])
        run('sign-in', mail)
        tokens = self.refresh(json.loads((profile / 'sign-in').read_text())['refresh'])
        self.token, self.identity = tokens['AccessToken'], tokens['IdToken']
        payload = self.token.split('.')[1]
        self.uid = json.loads(base64.urlsafe_b64decode(payload + '=='))['sub']

    def refresh(self, refresh):
        request = urllib.request.Request(
            self.cloud.ends['RAFILM_COGNITO_URL'],
            json.dumps({'ClientId': self.cloud.ends['RAFILM_COGNITO_CLIENT'], 'RefreshToken': refresh}).encode(),
            {'Content-Type': 'application/x-amz-json-1.1',
             'X-Amz-Target': 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken'})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)['AuthenticationResult']

    def write(self, viewing, **fields):
        """A batch with one new viewing, as a request of sync."""
        self.n += 1
        now = int(time.time() * 1000)
        return {'proto': 1, 'acct': self.uid, 'dev': 'AAAAAAAA', 'cursor': 0, 'now': now, 'batch': {
            'id': f'b_{self.n}', 'ops': [{'n': self.n, 'k': 'd', 'id': viewing, 'base': 0, 'full': True,
                                          'h': f'{now << 16:016x}', 'set': fields}]}}


class AnswersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.log = Path(cls.folder.name) / 'log'
        cls.cloud = subprocess.Popen(
            [os.environ['RAFILM_LOCAL'], '--functions', os.environ['RAFILM_BOOTSTRAP'], '--port', '0',
             '--sample', infra_tap.TOP / 'data' / 'sample', '--log', cls.log],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.ends = {}
        for line in cls.cloud.stdout:
            if line == '\n':
                break
            name, _, value = line.rstrip('\n').partition('=')
            cls.ends[name] = value
        cls.seen = set()
        cls.ann = Person(cls, Path(cls.folder.name), 'ann')
        cls.bob = Person(cls, Path(cls.folder.name), 'bob')

    @classmethod
    def tearDownClass(cls):
        cls.cloud.terminate()
        cls.cloud.wait(20)
        cls.cloud.stdout.close()
        cls.folder.cleanup()

    def ask(self, method, path, status, code=None, token=None, body=None):
        """An answer, which is held to the specification; bytes of a body go as they are."""
        headers = {'Content-Type': 'application/json'}
        if token is not None:
            headers['Authorization'] = f'Bearer {token}'
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.ends['RAFILM_API_URL'] + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                found, kind, value = answer.status, answer.headers['Content-Type'], json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                found, kind, value = error.code, error.headers['Content-Type'], json.load(error)
        self.assertEqual(found, status, f'{method} {path}: {value}')
        route, operation = find_operation(method, path)
        told = resolve(operation['responses'][str(status)])
        self.assertEqual([kind.partition(';')[0]], list(told['content']), route)
        schema = told['content'][kind.partition(';')[0]]['schema']
        faults = [f'{"/".join(map(str, e.absolute_path))}: {e.message}' for e in
                  Draft202012Validator({'components': SPEC['components'], **schema}).iter_errors(value)]
        self.assertEqual(faults, [], f'{route} {status}')
        if status >= 400:
            words = set(re.findall(r'`([a-z_]+)`', told['description']))
            if 'SyncConflict' in str(schema):
                words = {'fork', 'epoch', 'stale', 'acct'}
            self.assertIn(value['code'], words, f'{route} {status}')
        if code is not None:
            self.assertEqual(value['code'], code)
        self.seen.add((route, str(status)))
        return value

    def wait_for(self, condition):
        for _ in range(150):
            value = condition()
            if value:
                return value
            time.sleep(0.1)
        raise AssertionError('it did not come')

    # In the order of their names: later ones rely on what earlier ones wrote.

    def test_1_films(self):
        page = self.ask('GET', '/v1/films/search?query=the', 200)
        ids = [str(film['id']) for film in page['results'][:3]]
        film = self.ask('GET', f'/v1/films/{ids[0]}', 200)
        self.ask('GET', f'/v1/films?ids={",".join(ids)}', 200)
        self.ask('GET', '/v1/films/trending', 200)
        self.ask('GET', f'/v1/films/discover?genre={film["genres"][0].replace(" ", "%20")}', 200)
        for path in ('?ids=x', '?ids=', '', '?ids=' + ','.join(map(str, range(1, 42))), '?ids=1,,2', '?ids=-1'):
            self.ask('GET', f'/v1/films{path}', 400)
        for query in ('', '?query=', f'?query={"a" * 201}', '?query=a&page=0', '?query=a&page=501',
                      '?query=a&year=1', '?query=a&page=x'):
            self.ask('GET', f'/v1/films/search{query}', 400)
        for query in ('?genre=Nonsense', '?page=501', '?year=99999'):
            self.ask('GET', f'/v1/films/discover{query}', 400)
        for number in ('0', '-1', 'x', '2147483648', '2147483646', '1e3', '%2e%2e'):
            self.ask('GET', f'/v1/films/{number}', 404, 'not_found')

    def test_1_tokens(self):
        """Missing, broken, of another kind, changed by a letter, signed by nobody."""
        head, payload, signature = self.ann.token.split('.')
        nobody = 'eyJhbGciOiJub25lIn0'
        self.assertNotEqual(self.ann.token, self.ann.identity)
        for method, path in PRIVATE:
            path = path.replace('{id}', 'A' * 22)
            for token in (None, '', 'x', self.ann.identity, f'{nobody}.{payload}.', f'{nobody}.{payload}.{signature}',
                          f'{head}.{payload}.{"A" + signature[1:]}',
                          f'{head}.{"x" + payload[1:]}.{signature}'):
                self.ask(method, path, 401, token=token, body={} if method in ('POST', 'PUT') else None)

    def test_2_sync(self):
        ann, bob = self.ann, self.bob
        for body in (b'', b'[]', b'"x"', b'{', b'\xff', b'{"a":1,"a":2}', b'{"proto":1}', b'[' * 3000):
            self.ask('POST', '/v1/sync', 400, token=ann.token, body=body)
        request = ann.write('v1', film=603, public=True, rv=MARK)
        self.ask('POST', '/v1/sync', 413, 'too_large', token=ann.token, body=b' ' * 270_000 + b'{}')
        self.ask('POST', '/v1/sync', 426, 'upgrade', token=ann.token, body={**request, 'proto': 9})
        # Another's account, whether named in the body only or by the token only.
        self.ask('POST', '/v1/sync', 409, 'acct', token=bob.token, body=request)
        first = self.ask('POST', '/v1/sync', 200, token=ann.token, body=request)
        again = self.ask('POST', '/v1/sync', 200, token=ann.token, body=request)
        self.assertEqual(first['ack']['rows'], again['ack']['rows'])
        self.assertEqual(first['head'], again['head'])
        skipped = ann.write('v2', film=603)
        later = ann.write('v3', film=680)
        self.ask('POST', '/v1/sync', 409, 'fork', token=ann.token, body={**later, 'epoch': first['epoch']})
        self.ask('POST', '/v1/sync', 409, 'epoch', token=ann.token, body={**skipped, 'epoch': 'e_none'})
        stale = {**skipped, 'epoch': first['epoch']}
        stale['batch'] = {**stale['batch'], 'if_head': 0}
        self.ask('POST', '/v1/sync', 409, 'stale', token=ann.token, body=stale)
        for batch in ({'id': 'b', 'ops': [{}] * 91}, {'id': 'b' * 25, 'ops': [{}]}, {'id': 'b', 'ops': {}}, 7):
            self.ask('POST', '/v1/sync', 400, token=ann.token, body={**skipped, 'batch': batch})
        whole = self.ask('POST', '/v1/sync', 200, token=ann.token, body={**request, 'batch': None})
        self.assertEqual([row['id'] for row in whole['rows']], ['v1'])
        other = self.ask('POST', '/v1/sync', 200, token=bob.token, body={**request, 'acct': bob.uid, 'batch': None})
        self.assertEqual(other['rows'], [])

    def test_3_profile(self):
        self.ask('GET', '/v1/profile', 200, token=self.ann.token)
        for handle in ('ab', 'a' * 21, 'Ann', 'a b', 'ä23', 7, ['ann'], ''):
            self.ask('PUT', '/v1/profile', 400, token=self.ann.token, body={'handle': handle})
        for body in (b'', b'[]', b'{', b'{}', b'{"handle":"ann","uid":"x"}'):
            self.ask('PUT', '/v1/profile', 400, token=self.ann.token, body=body)
        self.ask('PUT', '/v1/profile', 413, token=self.ann.token, body={'handle': 'a' * 2000})
        self.ask('PUT', '/v1/profile', 200, token=self.ann.token, body={'handle': 'ann'})
        self.ask('PUT', '/v1/profile', 409, 'handle_taken', token=self.bob.token, body={'handle': 'ann'})
        self.ask('PUT', '/v1/profile', 409, 'handle_taken', token=self.bob.token, body={'handle': 'admin'})
        self.assertEqual(self.ask('GET', '/v1/profile', 200, token=self.ann.token)['handle'], 'ann')
        self.assertIsNone(self.ask('GET', '/v1/profile', 200, token=self.bob.token)['handle'])

    def test_4_reviews(self):
        review = self.wait_for(lambda: self.ask('GET', '/v1/films/603/reviews', 200)['reviews'])[0]
        self.assertEqual(self.ask('GET', '/v1/people/ann/reviews', 200)['reviews'], [review])
        self.assertNotIn(self.ann.uid, json.dumps(review))
        for path in ('/v1/films/0/reviews', '/v1/films/x/reviews', '/v1/films/2147483648/reviews',
                     '/v1/people/nobody/reviews', '/v1/people/A%20B/reviews', f'/v1/people/{self.ann.uid}/reviews'):
            self.ask('GET', path, 404, 'not_found')
        for path in ('/v1/films/603/reviews', '/v1/people/ann/reviews'):
            for query in ('limit=0', 'limit=51', 'limit=x', 'cursor=x', f'cursor={"0" * 13}%23{"A" * 21}%00'):
                self.ask('GET', f'{path}?{query}', 400)
            self.assertEqual(self.ask('GET', f'{path}?limit=1', 200)['reviews'], [review])
            self.assertEqual(self.ask('GET', f'{path}?cursor={"0" * 13}%23{"A" * 22}', 200)['reviews'], [])
        for name in ('x', 'A' * 22, 'A' * 23, '%2e%2e'):
            self.ask('POST', f'/v1/reviews/{name}/report', 404, 'not_found', token=self.bob.token)
        self.ask('POST', f'/v1/reviews/{review["id"]}/report', 202, token=self.bob.token)
        self.ask('POST', f'/v1/reviews/{review["id"]}/report', 409, token=self.bob.token)

    def test_5_recommendations(self):
        self.ask('GET', '/v1/recommendations?limit=3', 200, token=self.ann.token)
        for limit in ('0', '41', 'x', '-1', '99999999999999999999'):
            self.ask('GET', f'/v1/recommendations?limit={limit}', 400, token=self.ann.token)

    def test_6_takeout(self):
        self.assertEqual(self.ask('GET', '/v1/takeout', 200, token=self.ann.token), {'state': 'none'})
        self.ask('POST', '/v1/takeout', 202, token=self.ann.token)

        def when_ready():
            found = self.ask('GET', '/v1/takeout', 200, token=self.ann.token)
            return found if found['state'] == 'ready' else None
        found = self.wait_for(when_ready)
        self.ask('POST', '/v1/takeout', 429, 'too_soon', token=self.ann.token)
        with urllib.request.urlopen(found['url'], timeout=10) as answer:
            archive = zipfile.ZipFile(io.BytesIO(answer.read()))
        self.assertIsNone(archive.testzip())
        document = json.loads(archive.read('rafilm.json'))
        self.assertEqual(document['records'][0]['f']['rv'], MARK)
        self.assertEqual(document['handle'], 'ann')
        self.assertIn(MARK, archive.read('letterboxd/diary-1.csv').decode())
        self.assertEqual(self.ask('GET', '/v1/takeout', 200, token=self.bob.token), {'state': 'none'})

    def test_7_account(self):
        review = self.ask('GET', '/v1/people/ann/reviews', 200)['reviews'][0]['id']
        sync = {**self.ann.write('v9', film=603), 'batch': None}
        self.ask('DELETE', '/v1/account', 202, token=self.ann.token)
        self.ask('POST', '/v1/sync', 410, token=self.ann.token, body=sync)
        self.ask('PUT', '/v1/profile', 410, token=self.ann.token, body={'handle': 'ann2'})
        self.ask('POST', '/v1/takeout', 410, token=self.ann.token)
        self.ask('POST', f'/v1/reviews/{review}/report', 410, token=self.ann.token)
        self.wait_for(lambda: not self.ask('GET', '/v1/films/603/reviews', 200)['reviews'])
        self.ask('DELETE', '/v1/account', 202, token=self.ann.token)

    def test_8_every_status_was_seen(self):
        told = {(f'{method.upper()} {path}', status) for path, item in SPEC['paths'].items()
                for method, operation in item.items() for status in operation['responses']}
        missing = {pair for pair in told - self.seen if pair[1] not in NOT_ASKED_FOR}
        self.assertEqual(missing, set())

    def test_9_logs_tell_nothing(self):
        """Neither words of the diary, nor names, nor tokens, nor what was searched for."""
        self.ask('GET', f'/v1/films/search?query={MARK}', 200)
        self.ask('POST', '/v1/sync', 400, token=self.bob.token, body=MARK.encode())
        self.ask('PUT', '/v1/profile', 400, token=self.bob.token, body={'handle': MARK})
        time.sleep(0.5)
        handlers = '|'.join(sorted(read_handlers()))
        text = '\n'.join(line for line in self.log.read_text(errors='replace').splitlines()
                         if re.search(rf': [0-9:.]+: ({handlers}): ', line))
        self.assertGreater(text.count('"Duration"'), 100)
        for handler in ('account', 'account-worker', 'films', 'publisher', 'recommendations', 'reviews', 'sync'):
            self.assertIn(f'"Function":"{handler}"', text)
        for word in (MARK, 'ann@example.org', self.ann.uid, self.bob.uid, self.ann.token.split('.')[2],
                     self.bob.token.split('.')[2], self.ann.identity.split('.')[2], 'ann2', 'Signature='):
            self.assertNotIn(word, text)


if __name__ == '__main__':
    infra_tap.run()
