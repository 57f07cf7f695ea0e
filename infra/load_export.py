#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a table from one of the weekly exports.

DynamoDB's own import cannot make local indexes, and a table cannot get one later. So the table is
made here, with the keys and the index of template.yaml, and the items are written to it.

usage: load_export.py FOLDER TABLE [--endpoint URL]
FOLDER: a copy of the export's data folder, with its *.json.gz
"""
import argparse
import base64
import gzip
import json
import sys
import time
from pathlib import Path

import boto3

from validation.template import parse, properties

TEMPLATE = Path(__file__).resolve().parent / 'template.yaml'
BATCH = 25
TRIES = 10


def table_settings():
    """What cannot be changed once a table is there; the rest is said in README.md."""
    own = properties(parse(TEMPLATE.read_text())['Resources']['Table'])
    return {name: own[name] for name in ('AttributeDefinitions', 'KeySchema', 'LocalSecondaryIndexes',
                                         'BillingMode')} | {'SSESpecification': {'Enabled': True}}


def read_items(folder):
    """Items of an export in the form DYNAMODB_JSON: one {"Item": …} a line."""
    files = sorted(Path(folder).glob('*.json.gz'))
    if not files:
        sys.exit(f'{folder} has no *.json.gz')
    for path in files:
        with gzip.open(path, 'rt', encoding='utf-8') as lines:
            for line in lines:
                yield json.loads(line, object_hook=_bytes_of)['Item']


def _bytes_of(value):
    """In JSON binary values are base64, as the service wants them; boto3 would code them again."""
    if set(value) == {'B'} and isinstance(value['B'], str):
        return {'B': base64.b64decode(value['B'])}
    return value


def write_batch(client, table, items):
    requests = {table: [{'PutRequest': {'Item': item}} for item in items]}
    for attempt in range(TRIES):
        requests = client.batch_write_item(RequestItems=requests).get('UnprocessedItems')
        if not requests:
            return
        time.sleep(min(0.1 * 2 ** attempt, 10))
    sys.exit(f'{table} does not take any more; delete it and start again')


def load(client, folder, table):
    """Returns how many items were written."""
    client.create_table(TableName=table, **table_settings())
    client.get_waiter('table_exists').wait(TableName=table)
    written = 0
    batch = []
    for item in read_items(folder):
        batch.append(item)
        if len(batch) == BATCH:
            write_batch(client, table, batch)
            written += len(batch)
            batch = []
    if batch:
        write_batch(client, table, batch)
    return written + len(batch)


def main():
    parser = argparse.ArgumentParser(description='Makes a table from an export.')
    parser.add_argument('folder')
    parser.add_argument('table')
    parser.add_argument('--endpoint')
    arguments = parser.parse_args()
    client = boto3.client('dynamodb', endpoint_url=arguments.endpoint)
    print(f'items={load(client, arguments.folder, arguments.table)}')


if __name__ == '__main__':
    main()
