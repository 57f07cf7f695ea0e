#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Viewings that come out of the table's stream are told to Personalize (a stand-in of its PutEvents)."""
import json
import os
import tempfile
import time
import unittest
from datetime import datetime, timedelta, timezone

import infra_tap
from training_world import MARK, Function, QuietHandler, serve, stamp

TODAY = datetime.now(timezone.utc).date()


class Events(QuietHandler):
    """PutEvents, as strict as AWS's reference."""
    taken, statuses = [], []

    def do_POST(self):
        body = json.loads(self.body())
        assert self.path == '/events' and '/personalize/aws4_request' in self.headers['Authorization'], self.headers
        assert set(body) == {'trackingId', 'userId', 'sessionId', 'eventList'} and 1 <= len(body['eventList']) <= 10
        for event in body['eventList']:
            assert set(event) == {'eventId', 'eventType', 'itemId', 'sentAt', 'eventValue'}, event
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.taken.append(body)
        self.answer(status, b'{}')


def viewing(uid, name, film=603, days_ago=1, old=None, event='INSERT', **fields):
    def image(film, more):
        values = {'film': {'N': str(film)}, 'on': {'S': (TODAY - timedelta(days=days_ago)).isoformat()},
                  'rv': {'S': MARK}, **more}
        return {'pk': {'S': 'U#' + uid}, 'sk': {'S': 'd#' + name}, 'f': {'M': values},
                's': {'M': {'*': {'S': stamp(time.time())}}}}
    change = {'Keys': {'pk': {'S': 'U#' + uid}, 'sk': {'S': 'd#' + name}}, 'SequenceNumber': '1'}
    if event != 'REMOVE':
        change['NewImage'] = image(film, fields)
    if old is not None:
        change['OldImage'] = image(old.pop('film', film), old)
    return {'eventName': event, 'dynamodb': change}


class InteractionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = serve(Events)
        cls.function = Function('interactions', {
            'AWS_REGION': 'us-east-1', 'AWS_ACCESS_KEY_ID': 'local', 'AWS_SECRET_ACCESS_KEY': 'local',
            'AWS_ENDPOINT_URL_PERSONALIZE_EVENTS': f'http://127.0.0.1:{cls.server.server_address[1]}',
            'RAFILM_EVENT_TRACKER': 'tracker', 'RAFILM_TEST_LOGS': cls.folder.name})

    @classmethod
    def tearDownClass(cls):
        cls.function.close()
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def send(self, *records, statuses=()):
        Events.taken.clear()
        Events.statuses[:] = statuses
        self.assertEqual(self.function.invoke({'Records': list(records)}, 30), {'batchItemFailures': []})
        return [(body['userId'], event) for body in Events.taken for event in body['eventList']]

    def test_a_viewing(self):
        (uid, event), = self.send(viewing('a', 'v1', rating={'N': '8'}))
        self.assertEqual((uid, event['itemId'], event['eventType'], event['eventValue']), ('a', '603', 'watch', 8))
        self.assertLess(abs(event['sentAt'] - time.time()), 3 * 86400)
        self.assertEqual(Events.taken[0]['trackingId'], 'tracker')
        again, = self.send(viewing('a', 'v1', rating={'N': '8'}))
        self.assertEqual(again[1]['eventId'], event['eventId'])
        self.assertNotEqual(self.send(viewing('b', 'v1'))[0][1]['eventId'], event['eventId'])

    def test_only_news(self):
        eight, nine = {'N': '8'}, {'N': '9'}
        self.assertEqual(self.send(
            viewing('a', 'same', event='MODIFY', old={'rv': {'S': 'before'}}),
            viewing('a', 'gone', event='REMOVE', old={}),
            viewing('a', 'long-ago', days_ago=40),
            viewing('a', 'strange', film=0), {}, {'dynamodb': {'Keys': {}}}, None,
            {'eventName': 'INSERT', 'dynamodb': {'Keys': {'pk': {'S': 'U#a'}, 'sk': {'S': 'M'}}, 'NewImage': {}}}), [])
        self.assertEqual(len(self.send(viewing('a', 'rated', event='MODIFY', old={'rating': eight}, rating=nine),
                                       viewing('a', 'other', event='MODIFY', old={'film': 7}))), 2)

    def test_batches(self):
        events = self.send(*(viewing('a' if n < 23 else 'b', f'v{n}', film=n + 1) for n in range(30)))
        self.assertEqual([len(body['eventList']) for body in Events.taken], [10, 10, 3, 7])
        self.assertEqual([int(event['itemId']) for _, event in events], list(range(1, 31)))
        self.assertEqual([uid for uid, _ in events], ['a'] * 23 + ['b'] * 7)

    def test_failures_do_no_harm(self):
        one = viewing('a', 'v1')
        self.assertEqual(len(self.send(one, statuses=[500, 429])), 1)
        self.assertEqual(self.send(one, statuses=[500] * 9), [])
        self.assertEqual(len(self.send(one, viewing('b', 'v2'), statuses=[400])), 1)
        with open(os.path.join(self.folder.name, 'interactions'), encoding='utf-8') as log:
            text = log.read()
        self.assertIn('"InteractionsLost":1', text)
        self.assertNotIn(MARK, text)

    def test_no_end(self):
        """However much comes at once, it is bounded."""
        self.assertLessEqual(len(self.send(*(viewing(f'u{n}', 'v') for n in range(400)))), 50)


if __name__ == '__main__':
    infra_tap.run()
