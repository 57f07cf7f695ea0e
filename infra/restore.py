#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""After a restore of the table: make it a table like the stack's own, and tell every account that
its data is older than computers know.

A restore leaves expiry, recovery, protection and the stream behind; they are turned on again.

Each account gets a new epoch and a head far ahead of all numbers that were given out before, so
that every computer fetches everything anew and gives back what the restored table lacks
(docs/sync.md, "epoch"). Digests and counts are computed anew, since a restore to a point in time
may have taken a part of a batch. Accounts that are being deleted stay so. Running it again, with the same word, does no harm.

usage: restore.py TABLE WORD [--pool POOL] [--endpoint URL] [--dry-run]
WORD names this restore, such as 2026-03-01. With the pool's id, accounts whose user was deleted since
the moment of the restore are deleted again.
"""
import argparse
import hashlib
import sys
import time

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError

JUMP = 1_000_000
DIGEST_KEY = b'rafilm digest 1\0'  # src/wire/rafilm-wire-digest.c
MASK = (1 << 64) - 1


def siphash(key, data):
    """SipHash-2-4 with 128 bits (https://github.com/veorq/SipHash)."""
    def rotate(x, n):
        return (x << n | x >> (64 - n)) & MASK

    def rounds(n):
        for _ in range(n):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = rotate(v[1], 13) ^ v[0]
            v[0] = rotate(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = rotate(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = rotate(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = rotate(v[1], 17) ^ v[2]
            v[2] = rotate(v[2], 32)

    k0, k1 = (int.from_bytes(key[i:i + 8], 'little') for i in (0, 8))
    v = [k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d ^ 0xee,
         k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573]
    whole = len(data) // 8 * 8
    words = [int.from_bytes(data[i:i + 8], 'little') for i in range(0, whole, 8)]
    words.append(int.from_bytes(data[whole:], 'little') | (len(data) & 0xff) << 56)
    for word in words:
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xee
    rounds(4)
    first = v[0] ^ v[1] ^ v[2] ^ v[3]
    v[1] ^= 0xdd
    rounds(4)
    return first.to_bytes(8, 'little') + (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, 'little')


def pages(call, **arguments):
    """Items of a scan or a query, page after page."""
    while True:
        answer = call(ConsistentRead=True, **arguments)
        yield from answer['Items']
        if 'LastEvaluatedKey' not in answer:
            return
        arguments['ExclusiveStartKey'] = answer['LastEvaluatedKey']


def prepare(table):
    """Turns on what a restore leaves behind; gives the stream's ARN."""
    client = table.meta.client
    name = {'TableName': table.name}
    ttl = client.describe_time_to_live(**name)['TimeToLiveDescription']
    if ttl['TimeToLiveStatus'] not in ('ENABLED', 'ENABLING'):
        client.update_time_to_live(**name, TimeToLiveSpecification={'Enabled': True, 'AttributeName': 'ttl'})
    client.update_continuous_backups(
        **name, PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': True})
    for change in ({'DeletionProtectionEnabled': True},
                   {'StreamSpecification': {'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'}}):
        now = client.describe_table(**name)['Table']
        if any(now.get(member) != value for member, value in change.items()):
            client.update_table(**name, **change)
            client.get_waiter('table_exists').wait(**name, WaiterConfig={'Delay': 5})
    return client.describe_table(**name)['Table']['LatestStreamArn']


def account_of_rows(table, pk):
    """(digest, counts, newest number) of the rows that are there."""
    digest = bytes(16)
    counts = {}
    newest = 0
    for row in pages(table.query, IndexName='bySeq', KeyConditionExpression=Key('pk').eq(pk),
                     ProjectionExpression='sk, q, x'):
        number = int(row['q'])
        one = siphash(DIGEST_KEY, f'{row["sk"]}#{number}'.encode())
        digest = bytes(a ^ b for a, b in zip(digest, one))
        newest = max(newest, number)
        if not row.get('x', False):
            kind = row['sk'].partition('#')[0]
            counts[kind] = counts.get(kind, 0) + 1
    return digest, counts, newest


def renew(table, meta, word, dry_run):
    """Gives one account its new epoch; False when it has it already."""
    epoch = 'e_' + hashlib.sha256(f'{word}#{meta["pk"]}'.encode()).hexdigest()[:16]
    if meta['e'] == epoch:
        return False
    digest, counts, newest = account_of_rows(table, meta['pk'])
    head = max(int(meta['h']), newest) + JUMP
    if dry_run:
        return True
    table.update_item(
        Key={'pk': meta['pk'], 'sk': 'M'},
        # No row has the number of the new head, hence hc is 0.
        UpdateExpression='SET v = v + :one, e = :e, h = :h, hc = :none, dg = :dg, ct = :ct, '
                         'hist = list_append(if_not_exists(hist, :empty), :past)',
        ConditionExpression='v = :v0 AND e = :e0',
        ExpressionAttributeValues={
            ':one': 1, ':none': 0, ':e': epoch, ':h': head, ':dg': digest, ':ct': counts,
            ':empty': [], ':past': [{'e': meta['e'], 'low': 0, 'at': int(time.time() * 1000)}],
            ':v0': meta['v'], ':e0': meta['e'],
        })
    return True


def has_user(cognito, pool, uid):
    try:
        cognito.admin_get_user(UserPoolId=pool, Username=uid)
    except cognito.exceptions.UserNotFoundException:
        return False
    return True


def forget(table, pk):
    """Marks an account as deleted and enters the job (src/cloud/rafilm-erasure.c), for the sweeper."""
    table.update_item(Key={'pk': pk, 'sk': 'M'}, UpdateExpression='SET gone = :gone ADD v :one',
                      ExpressionAttributeValues={':gone': True, ':one': 1})
    table.put_item(Item={'pk': 'J#', 'sk': f'erase#{pk[2:]}', 'at': 0, 'n': 0})


def main():
    parser = argparse.ArgumentParser(description='Gives all accounts of a restored table a new epoch.')
    parser.add_argument('table')
    parser.add_argument('word')
    parser.add_argument('--pool')
    parser.add_argument('--endpoint')
    parser.add_argument('--dry-run', action='store_true')
    arguments = parser.parse_args()
    table = boto3.resource('dynamodb', endpoint_url=arguments.endpoint).Table(arguments.table)
    if not arguments.dry_run:
        print(f'stream={prepare(table)}')
    cognito = boto3.client('cognito-idp') if arguments.pool else None
    renewed = had = failed = forgotten = 0
    for meta in pages(table.scan, FilterExpression=Attr('sk').eq('M') & Attr('pk').begins_with('U#')
                      & Attr('gone').not_exists()):
        if cognito and not has_user(cognito, arguments.pool, meta['pk'][2:]):
            forgotten += 1
            if not arguments.dry_run:
                forget(table, meta['pk'])
            continue
        try:
            if renew(table, meta, arguments.word, arguments.dry_run):
                renewed += 1
            else:
                had += 1
        except ClientError as error:
            if error.response['Error']['Code'] != 'ConditionalCheckFailedException':
                raise
            failed += 1  # somebody writes already; run it again
    print(f'renewed={renewed}')
    print(f'had={had}')
    print(f'deleted={forgotten}')
    print(f'in_use={failed}')
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
