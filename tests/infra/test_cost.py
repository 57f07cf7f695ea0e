#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost model against DynamoDB's rules, sums by hand, and what its README says."""
import subprocess
import sys
import unittest
from decimal import Decimal

import infra_tap
import test_restore

sys.path.insert(0, str(infra_tap.INFRA / 'cost'))

import model  # noqa: E402 (from the folder above)
from prices import PRICES, price  # noqa: E402
from validate import TEMPLATE  # noqa: E402
from validation.template import parse  # noqa: E402

COLUMNS = [(5, 60, False), (100, model.HOURS, True), (10_000, model.HOURS, True),
           (1_000_000, model.HOURS, True)]


class RulesTest(unittest.TestCase):
    def test_units(self):
        for size, plain, doubled in ((1, 1, 2), (1024, 1, 2), (1025, 2, 4), (300 * 1024, 300, 600)):
            self.assertEqual(model.write_units(size), plain)
            self.assertEqual(model.write_units(size, transaction=True), doubled)
        for size, strong, weak in ((1, 1, 0.5), (4096, 1, 0.5), (4097, 2, 1)):
            self.assertEqual(model.read_units(size), strong)
            self.assertEqual(model.read_units(size, consistent=False), weak)

    def test_log_a_film(self):
        """META 2; three rows 2 each; the index 2 for the new one, 4 for each that moves."""
        self.assertEqual(model.push(new=1, changed=2), (1 + 3 + 0.5, 2 + 3 * 2 + 2 + 2 * 4))

    def test_free(self):
        self.assertEqual(price('monthly_users', 10_000), 0)
        self.assertAlmostEqual(price('monthly_users', 10_100), 1.5)
        self.assertAlmostEqual(price('rest_requests', 2_000_000), 7)

    def test_every_price_has_a_page(self):
        for name, (usd, unit, free, page) in PRICES.items():
            self.assertTrue(usd > 0 and unit > 0 and free >= 0, name)
            self.assertTrue(page.startswith('aws.amazon.com/'), name)


class MonthTest(unittest.TestCase):
    def test_by_hand(self):
        """What a user's habits come to, without the model's loops."""
        one = model.month(1)
        sync = 8 + 12 + 12 * 1.5 + 0.2 * 20
        self.assertAlmostEqual(one['rest_requests'], sync + 20 + 25 + 4)
        self.assertAlmostEqual(one['socket_minutes'], 12 * 30)
        self.assertAlmostEqual(one['socket_messages'], 2 * (12 * 30 / 9 + 12 * 3) + 0.2 * 20 + 2 * 13)
        self.assertAlmostEqual(one['output_tokens'], 2 * 2.2 * 160)

    def test_metrics(self):
        """15 routes, 6 messages; three counts of the chat, two of the account, two of TMDb."""
        self.assertAlmostEqual(model.count_metrics(), 21 * 1.01 + 3 + 2 + 2)

    def test_grows_with_users(self):
        small, large = model.month(10_000), model.month(20_000)
        for name in ('rest_requests', 'write_units', 'gb_seconds', 'input_tokens'):
            self.assertAlmostEqual(large[name], 2 * small[name])

    def test_training(self):
        """Nothing until there is enough to train with; by hand at 10,000; never more hours than the guard lets be."""
        for users in (0, 5, 24):
            self.assertEqual(model.cost(model.month(users))['training'], 0)
        one = model.month(10_000)
        self.assertAlmostEqual(one['rankings'], 10_000 * 52 / 12)
        self.assertAlmostEqual(one['training_hours'], 52 / 12 * (0.5 + 0.5 * 0.96))
        self.assertEqual(model.month(10_000_000)['training_hours'], 15)
        limit = parse(TEMPLATE.read_text())['Parameters']['TrainingHours']['Default']
        self.assertEqual(limit, model.TRAINING_LIMIT)

    def test_goals(self):
        self.assertLess(sum(model.cost(model.month(*COLUMNS[0])).values()), 1)
        self.assertLess(sum(model.cost(model.month(10_000)).values()), 40)

    def test_template(self):
        """What the model takes for granted of the template."""
        resources = parse(TEMPLATE.read_text())['Resources'].values()
        alarms = [r['Properties'].get('Metrics', [{'MetricStat': r}]) for r in resources if r['Type'] == 'AWS::CloudWatch::Alarm']
        self.assertEqual(sum('MetricStat' in metric for metrics in alarms for metric in metrics), model.month(1)['alarms'])
        memory = {r['Properties']['Handler']: r['Properties']['MemorySize'] for r in resources
                  if r['Type'] == 'AWS::Lambda::Function'}
        self.assertEqual({name: size for name, size in memory.items() if size != 128}, model.MEMORY)
        acl = next(r for r in resources if r['Type'] == 'AWS::WAFv2::WebACL')
        self.assertEqual(model.month(1)['firewall_parts'], 5 + len(acl['Properties']['Rules']))

    def test_readme(self):
        text = (infra_tap.INFRA / 'cost' / 'README.md').read_text()
        sums = [sum(model.cost(model.month(*column)).values()) for column in COLUMNS]
        self.assertIn('| **all** | ' + ' | '.join(f'**{total:,.2f}**' for total in sums) + ' |', text)
        reads, writes = model.push(new=1, changed=2)
        self.assertIn(f'takes {reads:g} units of reading and {writes:g} of writing', text)

    def test_lines(self):
        result = subprocess.run([sys.executable, infra_tap.INFRA / 'cost' / 'model.py', '10000'],
                                capture_output=True, text=True, check=True)
        told = dict(line.split('=') for line in result.stdout.splitlines())
        parts = [float(value) for name, value in told.items()
                 if name.startswith('users_10000_') and name != 'users_10000_total_usd']
        self.assertEqual(len(parts), len(model.GROUPS))
        self.assertAlmostEqual(sum(parts), float(told['users_10000_total_usd']), delta=0.05)


def size(value):
    """Bytes of a value of boto3's, by DynamoDB's rules
    (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html)."""
    if isinstance(value, dict):
        return 3 + sum(1 + len(name.encode()) + size(inner) for name, inner in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + size(inner) for inner in value)
    if isinstance(value, str):
        return len(value.encode())
    if isinstance(value, Decimal):
        return len(str(value)) // 2 + 2
    return 1 if value is None or isinstance(value, bool) else len(bytes(value))


class MeasuredTest(test_restore.RestoreTest):
    """The real functions, and what they leave in the table."""

    def test_log_a_film(self):
        film = self.table_of_films()[0]
        computer = self.computer('first')
        self.sign_up(computer)
        computer.run('watchlist', 'add', film)
        computer.run('sync')
        head = self.meta()['h']
        computer.run('log', film, '--rating', '4', '--review', 'A ' + 'usual ' * 12)
        computer.run('sync')
        rows = [item for item in self.items() if item.get('q', 0) > head]
        self.assertLessEqual(len(rows), 3)
        self.assertTrue(any(row['sk'].startswith('d#') for row in rows))
        for row in rows:
            self.assertLessEqual(size(row) - 3, model.ROW, row['sk'])
        self.assertLessEqual(size(self.meta()) - 3, model.META)
        films = [item for item in test_restore.restore.pages(self.table.scan)
                 if item['pk'].startswith('T#film/') and item['sk'] == 'M']
        self.assertLessEqual(max(size(item) for item in films), model.FILM_ITEM)


for name in list(vars(test_restore.RestoreTest)):
    if name.startswith('test_'):
        setattr(MeasuredTest, name, None)

if __name__ == '__main__':
    infra_tap.run()
