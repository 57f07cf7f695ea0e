#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table that was restored loses nothing that some computer still has.

Real programs all along: the functions behind the local cloud, and rafilm-cli as the computers.
"""
import base64
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

import infra_tap

for name in ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'):
    os.environ[name] = 'local'
os.environ['AWS_DEFAULT_REGION'] = 'us-east-1'

import boto3  # noqa: E402 (reads the environment)

import load_export  # noqa: E402
import restore  # noqa: E402

EMAIL = 'ada@example.org'


class DigestTest(unittest.TestCase):
    def test_vectors(self):
        """The same as in tests/wire/test-wire-digest.c."""
        text = (infra_tap.TOP / 'tests' / 'wire' / 'test-wire-digest.c').read_text()
        vectors = re.findall(r'\{ (\d+), "([0-9a-f]{32})" \}', text)
        self.assertGreaterEqual(len(vectors), 9)
        data = bytes(range(64))
        for length, digest in vectors:
            self.assertEqual(restore.siphash(data[:16], data[:int(length)]).hex(), digest)
        fixed = re.search(r'"d", "Vn3k", 1043\);.*?"([0-9a-f]{32})"', text, re.S).group(1)
        self.assertEqual(restore.siphash(restore.DIGEST_KEY, b'd#Vn3k#1043').hex(), fixed)


class Computer:
    """One profile of rafilm-cli."""

    def __init__(self, folder, ends):
        self.folder = folder
        self.environment = {**os.environ, **ends, 'RAFILM_KEYRING': 'file',
                            'RAFILM_PASSWORD': 'A long word, or 2', 'HOME': str(folder)}

    def run(self, *arguments):
        result = subprocess.run([os.environ['RAFILM_CLI'], *arguments, '--profile', self.folder],
                                env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        if result.returncode:
            raise AssertionError(f'{arguments}: {result.stdout}{result.stderr}')
        return result.stdout

    def viewings(self):
        found = json.loads(self.run('diary', '--json'))
        rows = found if isinstance(found, list) else next(v for v in found.values() if isinstance(v, list))
        return sorted(json.dumps(row.get('film'), sort_keys=True) for row in rows)


def to_export(item):
    """An item of boto3's low interface as an export has it: binary values in base64."""
    def plain(value):
        if isinstance(value, bytes):
            return base64.b64encode(value).decode()
        if isinstance(value, dict):
            return {name: plain(inner) for name, inner in value.items()}
        return [plain(inner) for inner in value] if isinstance(value, list) else value
    return json.dumps({'Item': plain(item)})


class RestoreTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.cloud = subprocess.Popen(
            [os.environ['RAFILM_LOCAL'], '--functions', os.environ['RAFILM_BOOTSTRAP'], '--port', '0',
             '--sample', infra_tap.TOP / 'data' / 'sample'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(self.cloud.stdout.close)
        self.addCleanup(self.cloud.wait, 20)
        self.addCleanup(self.cloud.terminate)
        self.ends = {}
        for line in self.cloud.stdout:
            if line == '\n':
                break
            name, _, value = line.rstrip('\n').partition('=')
            self.ends[name] = value
        self.table = boto3.resource('dynamodb', endpoint_url=self.ends['RAFILM_DYNAMODB_URL']).Table(
            self.ends['RAFILM_TABLE'])

    def computer(self, name):
        (self.folder / name).mkdir()
        return Computer(self.folder / name, self.ends)

    def mailed_code(self):
        address = self.ends['RAFILM_MAIL_URL'] + '?to=' + urllib.parse.quote(EMAIL)
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)['code']

    def items(self):
        return [item for item in restore.pages(self.table.scan) if item['pk'].startswith('U#')]

    def put_back(self, items):
        with self.table.batch_writer() as batch:
            for item in self.items():
                batch.delete_item(Key={'pk': item['pk'], 'sk': item['sk']})
        with self.table.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def restore(self, *more):
        result = subprocess.run(
            [sys.executable, infra_tap.INFRA / 'restore.py', self.table.name, '2026-03-01',
             '--endpoint', self.ends['RAFILM_DYNAMODB_URL'], *more],
            capture_output=True, text=True, check=True, timeout=60)
        return dict(line.split('=') for line in result.stdout.splitlines())

    def meta(self):
        return next(item for item in self.items() if item['sk'] == 'M')

    def sign_up(self, computer):
        computer.run('sign-up', EMAIL)
        computer.run('confirm', EMAIL, self.mailed_code())
        computer.run('sign-in', EMAIL)

    def test_mirrors_heal_the_table(self):
        films = self.table_of_films()
        first = self.computer('first')
        self.sign_up(first)
        first.run('log', films[0], '--rating', '4')
        first.run('sync')
        backup = self.items()
        head = self.meta()['h']
        first.run('log', films[1], '--review', 'Written after the backup')
        first.run('rate', films[0], '2')
        first.run('sync')
        whole = first.viewings()
        self.assertEqual(len(whole), 2)

        self.put_back(backup)
        self.assertEqual(self.restore('--dry-run'), {'renewed': '1', 'had': '0', 'deleted': '0', 'in_use': '0'})
        self.assertEqual(self.meta()['h'], head)
        told = self.restore()
        self.assertTrue(told.pop('stream').startswith('arn:aws:dynamodb:'))
        self.assertEqual(told, {'renewed': '1', 'had': '0', 'deleted': '0', 'in_use': '0'})
        self.assertEqual(self.meta()['h'], head + restore.JUMP)
        self.assertEqual(self.meta()['hc'], 0)
        self.assertEqual(self.restore()['had'], '1')

        first.run('sync')
        self.assertEqual(first.viewings(), whole)
        second = self.computer('second')
        second.run('sign-in', EMAIL)
        second.run('sync')
        self.assertEqual(second.viewings(), whole)
        self.assertIn('Written after the backup', second.run('diary', '--json'))
        self.assertEqual(self.digest_of_rows(), bytes(self.meta()['dg']))

    def test_what_a_restore_leaves_behind(self):
        client = boto3.client('dynamodb', endpoint_url=self.ends['RAFILM_DYNAMODB_URL'])
        with gzip.open(self.folder / 'one.json.gz', 'wt', encoding='utf-8') as file:
            file.write(to_export({'pk': {'S': 'U#ann'}, 'sk': {'S': 'M'}}) + '\n')
        load_export.load(client, self.folder, 'rafilm-bare')
        bare = boto3.resource('dynamodb', endpoint_url=self.ends['RAFILM_DYNAMODB_URL']).Table('rafilm-bare')
        stream = restore.prepare(bare)
        self.assertEqual(restore.prepare(bare), stream)
        table = client.describe_table(TableName='rafilm-bare')['Table']
        self.assertEqual(table['LatestStreamArn'], stream)
        self.assertEqual(table['StreamSpecification'],
                         {'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'})
        self.assertTrue(table['DeletionProtectionEnabled'])
        ttl = client.describe_time_to_live(TableName='rafilm-bare')['TimeToLiveDescription']
        self.assertEqual(ttl, {'TimeToLiveStatus': 'ENABLED', 'AttributeName': 'ttl'})
        backups = client.describe_continuous_backups(TableName='rafilm-bare')['ContinuousBackupsDescription']
        self.assertEqual(backups['PointInTimeRecoveryDescription']['PointInTimeRecoveryStatus'], 'ENABLED')

    def test_deleted_accounts(self):
        """One that is being deleted has no epoch; one without a user is deleted again."""
        self.table.put_item(Item={'pk': 'U#gone', 'sk': 'M', 'gone': True})
        self.assertEqual(self.restore()['renewed'], '0')

        class Cognito:
            class exceptions:
                UserNotFoundException = KeyError

            def admin_get_user(self, UserPoolId, Username):
                return {'there': True}[Username]

        self.assertTrue(restore.has_user(Cognito(), 'pool', 'there'))
        self.assertFalse(restore.has_user(Cognito(), 'pool', 'ann'))
        self.table.put_item(Item={'pk': 'U#ann', 'sk': 'M', 'v': 3, 'e': 'e_1', 'h': 9})
        restore.forget(self.table, 'U#ann')
        job = self.table.get_item(Key={'pk': 'J#', 'sk': 'erase#ann'})['Item']
        self.assertEqual(job['at'], 0)
        event = json.dumps({'job': 'sweep'}).encode()
        address = self.ends['RAFILM_BEDROCK_URL'] + '/2015-03-31/functions/account-worker/invocations'
        with urllib.request.urlopen(urllib.request.Request(address, event), timeout=30) as answer:
            self.assertEqual(json.load(answer), {'state': 'done'})
        for _ in range(100):
            if 'Item' not in self.table.get_item(Key={'pk': 'J#', 'sk': 'erase#ann'}):
                break
            time.sleep(0.1)
        self.assertEqual(set(self.table.get_item(Key={'pk': 'U#ann', 'sk': 'M'})['Item']),
                         {'pk', 'sk', 'gone', 'ttl'})

    def test_half_a_batch(self):
        """A restore may have a row that the account's item does not know of yet."""
        films = self.table_of_films()
        first = self.computer('first')
        self.sign_up(first)
        first.run('log', films[0])
        first.run('sync')
        meta = self.meta()
        first.run('log', films[1])
        first.run('sync')
        self.put_back([meta] + [item for item in self.items() if item['sk'] != 'M'])
        self.assertNotEqual(self.digest_of_rows(), bytes(self.meta()['dg']))
        newest = max(item['q'] for item in self.items() if 'q' in item)
        self.assertGreater(newest, meta['h'])
        self.restore()
        self.assertEqual(self.digest_of_rows(), bytes(self.meta()['dg']))
        self.assertEqual(self.meta()['h'], newest + restore.JUMP)
        second = self.computer('second')
        second.run('sign-in', EMAIL)
        second.run('sync')
        self.assertEqual(second.viewings(), first.viewings())

    def test_from_an_export(self):
        """The table that is made from an export has what the old one had, and the index."""
        films = self.table_of_films()
        first = self.computer('first')
        self.sign_up(first)
        for film in films:
            first.run('log', film, '--review', 'Ünï “quoted”')
        first.run('sync')
        client = boto3.client('dynamodb', endpoint_url=self.ends['RAFILM_DYNAMODB_URL'])
        items = client.scan(TableName=self.table.name)['Items']
        items += [{'pk': {'S': f'T#{i}'}, 'sk': {'S': 'M'}} for i in range(60)]
        folder = self.folder / 'export'
        folder.mkdir()
        for part in (0, 1):
            with gzip.open(folder / f'{part}.json.gz', 'wt', encoding='utf-8') as file:
                file.writelines(to_export(item) + '\n' for item in items[part::2])
        self.assertEqual(load_export.load(client, folder, 'rafilm-loaded'), len(items))
        loaded = client.scan(TableName='rafilm-loaded')['Items']
        key = lambda item: (item['pk']['S'], item['sk']['S'])  # noqa: E731
        self.assertEqual(sorted(loaded, key=key), sorted(items, key=key))
        table = boto3.resource('dynamodb', endpoint_url=self.ends['RAFILM_DYNAMODB_URL']).Table('rafilm-loaded')
        self.assertEqual(restore.account_of_rows(table, self.meta()['pk'])[0], bytes(self.meta()['dg']))

    def digest_of_rows(self):
        return restore.account_of_rows(self.table, self.meta()['pk'])[0]

    def table_of_films(self):
        """Numbers of two films of the sample."""
        with urllib.request.urlopen(self.ends['RAFILM_API_URL'] + '/v1/films/trending', timeout=30) as answer:
            return [str(film['id']) for film in json.load(answer)['results'][:2]]


if __name__ == '__main__':
    infra_tap.run()
