#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The interpreter of state machines: what it does, and that it refuses what it does not know."""
import copy
import json
import os
import shutil
import subprocess
import unittest
from pathlib import Path

import infra_tap
from asl import Clock, Execution, RuntimeFailure, Refused, StateMachine, TaskError, evaluate, fill, holds, put, substitute

DEFINITION = (infra_tap.INFRA / 'training.asl.json').read_text()
TASK = {'Type': 'Task', 'Resource': 'arn:aws:states:::lambda:invoke', 'TimeoutSeconds': 60, 'Next': 'End'}
END = {'End': {'Type': 'Succeed'}}


def machine(states, start='First', timeout=1000):
    return {'StartAt': start, 'TimeoutSeconds': timeout, 'States': states}


def run(states, services=None, data=None, **more):
    clock = Clock(1_000_000.0)
    execution = Execution(StateMachine(machine({**states, **END}, **more)), services, clock, 'x', data).run()
    return execution, clock.now - 1_000_000


class Flaky:
    """Fails with these errors first; each call takes so many seconds."""

    def __init__(self, *errors, seconds=0):
        self.errors, self.seconds, self.calls = list(errors), seconds, 0

    def __call__(self, resource, parameters, execution):
        self.calls += 1
        execution.clock.now += self.seconds
        if self.errors:
            raise TaskError(self.errors.pop(0), 'cause')
        return {'Payload': {'n': self.calls, 'of': parameters}}


class RunTest(unittest.TestCase):
    def test_paths_and_results(self):
        task = {**TASK, 'Parameters': {'a.$': '$.x.y', 'b': {'c.$': '$$.Execution.Name'}, 'd': [{'e.$': '$.l[1]'}]},
                'ResultSelector': {'got.$': '$.Payload.of'}, 'ResultPath': '$.new.place'}
        execution, _ = run({'First': task}, Flaky(), {'x': {'y': 7}, 'l': [1, 2]})
        self.assertEqual(execution.data, {'x': {'y': 7}, 'l': [1, 2],
                                          'new': {'place': {'got': {'a': 7, 'b': {'c': 'x'}, 'd': [{'e': 2}]}}}})
        self.assertEqual(put({'a': 1}, None, 2), {'a': 1})
        self.assertEqual(put({'a': 1}, '$', 2), 2)

    def test_functions(self):
        context = {'State': {'Name': 'S'}}
        say = lambda text: evaluate(text, {'a': 1.5, 'b': 'x', 'c': {'d': [True]}}, context)  # noqa: E731
        self.assertEqual(say("States.Format('{} of {} (\\'{}\\')', $.a, $.b, $$.State.Name)"), "1.5 of x ('S')")
        self.assertEqual(say('States.JsonToString($.c)'), '{"d": [true]}')
        with self.assertRaises(Refused):
            say('States.Hash($.a, $.b)')
        with self.assertRaises(RuntimeFailure):
            say('$.nowhere')

    def test_retries(self):
        retry = [{'ErrorEquals': ['Slow'], 'IntervalSeconds': 10, 'BackoffRate': 2, 'MaxAttempts': 4, 'MaxDelaySeconds': 30},
                 {'ErrorEquals': ['States.ALL'], 'IntervalSeconds': 1, 'BackoffRate': 1, 'MaxAttempts': 1}]
        states = {'First': {**TASK, 'Retry': retry}}
        execution, seconds = run(states, Flaky('Slow', 'Other', 'Slow', 'Slow', 'Slow'))
        self.assertEqual((execution.status, seconds), ('SUCCEEDED', 10 + 1 + 20 + 30 + 30))
        execution, _ = run(states, Flaky('Other', 'Other'))
        self.assertEqual((execution.status, execution.error, execution.cause), ('FAILED', 'Other', 'cause'))
        states['First']['Retry'][0]['JitterStrategy'] = 'FULL'
        self.assertLess(run(states, Flaky('Slow', 'Slow'))[1], 30)

    def test_catchers(self):
        catch = [{'ErrorEquals': ['One'], 'ResultPath': '$.e', 'Next': 'End'},
                 {'ErrorEquals': ['States.TaskFailed'], 'ResultPath': '$.f', 'Next': 'End'}]
        states = {'First': {**TASK, 'Catch': catch}}
        self.assertEqual(run(states, Flaky('One'), {'k': 1})[0].data, {'k': 1, 'e': {'Error': 'One', 'Cause': 'cause'}})
        self.assertEqual(run(states, Flaky('Two'))[0].data, {'f': {'Error': 'Two', 'Cause': 'cause'}})
        self.assertEqual(run(states, Flaky('States.Timeout'))[0].error, 'States.Timeout')
        states['First']['Parameters'] = {'a.$': '$.nowhere'}
        catch.append({'ErrorEquals': ['States.ALL'], 'Next': 'End'})
        self.assertEqual(run(states, Flaky())[0].error, 'States.Runtime')

    def test_time(self):
        execution, seconds = run({'First': TASK}, Flaky(seconds=61))
        self.assertEqual((execution.error, seconds), ('States.Timeout', 60))
        self.assertEqual(run({'First': TASK}, Flaky(seconds=60))[0].status, 'SUCCEEDED')
        wait = {'Type': 'Wait', 'Seconds': 600, 'Next': 'Second'}
        again = {'Type': 'Choice', 'Default': 'First', 'Choices': [{'Variable': '$.x', 'IsPresent': True, 'Next': 'End'}]}
        self.assertEqual(run({'First': wait, 'Second': again})[0].status, 'TIMED_OUT')
        self.assertEqual(run({'First': wait, 'Second': again}, data={'x': 1})[0].status, 'SUCCEEDED')

    def test_choices(self):
        data = {'s': 'a', 'n': 3, 'b': True, 't': '2026-01-01T00:00:00Z', 'u': '2026-01-01T00:00:00.001Z'}
        say = lambda rule: holds(rule, data, {})  # noqa: E731
        for rule, expected in (
                ({'Variable': '$.s', 'StringEquals': 'a'}, True), ({'Variable': '$.n', 'StringEquals': '3'}, False),
                ({'Variable': '$.n', 'NumericEquals': 3.0}, True), ({'Variable': '$.b', 'NumericEquals': 1}, False),
                ({'Variable': '$.n', 'NumericGreaterThanEquals': 3}, True), ({'Variable': '$.b', 'BooleanEquals': True}, True),
                ({'Variable': '$.u', 'TimestampGreaterThanPath': '$.t'}, True),
                ({'Variable': '$.t', 'TimestampGreaterThanPath': '$.t'}, False),
                ({'Variable': '$.x', 'IsPresent': False}, True), ({'Variable': '$.s', 'IsPresent': True}, True),
                ({'Not': {'Variable': '$.s', 'StringEquals': 'a'}}, False),
                ({'Or': [{'Variable': '$.s', 'StringEquals': v} for v in 'ba']}, True),
                ({'And': [{'Variable': '$.s', 'StringEquals': v} for v in 'ba']}, False)):
            self.assertEqual(say(rule), expected, rule)
        with self.assertRaises(RuntimeFailure):
            say({'Variable': '$.x', 'StringEquals': 'a'})

    def test_too_much_data(self):
        big = {'Type': 'Pass', 'Result': 'x' * 300_000, 'ResultPath': '$.a', 'Next': 'End'}
        self.assertEqual(run({'First': big})[0].error, 'States.DataLimitExceeded')

    def test_substitutions(self):
        self.assertEqual(json.loads(substitute('{"a": "${B}-x"}', {'B': 'q"q'})), {'a': 'q"q-x'})
        for values in ({}, {'B': '', 'C': ''}):
            with self.assertRaises(Refused):
                substitute('${B}', values)
        self.assertEqual(fill({'a.$': '$.b', 'c': None}, {'b': 1}, {}), {'a': 1, 'c': None})


REFUSED = [
    lambda d: d.update(Version='1.0'),
    lambda d: d.update(QueryLanguage='JSONata'),
    lambda d: d.pop('TimeoutSeconds'),
    lambda d: d['States']['Begin'].update(InputPath='$.x'),
    lambda d: d['States']['Begin'].update(Resource='arn:aws:states:::lambda:invoke.waitForTaskToken'),
    lambda d: d['States']['Begin'].pop('TimeoutSeconds'),
    lambda d: d['States']['Begin'].update(Next='Nowhere'),
    lambda d: d['States']['Begin']['Retry'][0].update(Wait=3),
    lambda d: d['States']['Begin']['Retry'].insert(0, {'ErrorEquals': ['States.ALL']}),
    lambda d: d['States']['Begin']['Retry'][0]['ErrorEquals'].append('Mine'),
    lambda d: d['States']['Import']['Catch'][0].update(Next='Nowhere'),
    lambda d: d['States']['Begun']['Choices'][0].update(StringMatches='b*'),
    lambda d: d['States']['Begun']['Choices'][0].pop('Next'),
    lambda d: d['States']['Enough']['Choices'][0]['And'][0].update(Next='Tidy'),
    lambda d: d['States']['Begun'].pop('Default'),
    lambda d: d['States']['WaitForImport'].update(SecondsPath='$.x'),
    lambda d: d['States']['Done'].update(Type='Map'),
    lambda d: d['States'].update(Lost={'Type': 'Succeed'}),
]


class RefusalTest(unittest.TestCase):
    def test_the_definition_itself_is_known(self):
        self.assertGreater(len(StateMachine(json.loads(DEFINITION)).states), 50)

    def test_what_is_not_known_is_refused(self):
        for number, change in enumerate(REFUSED):
            definition = json.loads(DEFINITION)
            change(definition)
            with self.subTest(number), self.assertRaises(Refused):
                StateMachine(definition)


JUDGE = '''
const r = require("node:module").createRequire(process.argv[1] + "/package.json");
const text = require("node:fs").readFileSync(0, "utf8");
const found = r("asl-validator")(JSON.parse(text), { checkPaths: true, checkArn: true });
console.log(JSON.stringify(found.errors.length));
'''


class JudgeTest(unittest.TestCase):
    """npm's asl-validator, which knows the whole of the language."""

    def judge(self, definition):
        result = subprocess.run(['node', '-e', JUDGE, os.environ['RAFILM_NPM']], input=json.dumps(definition), text=True,
                                capture_output=True, timeout=60, check=True)
        return int(result.stdout)

    def setUp(self):
        folder = os.environ.get('RAFILM_NPM')
        if not folder or not shutil.which('node') or not (Path(folder) / 'node_modules' / 'asl-validator').is_dir():
            self.skipTest('asl-validator is missing')

    def test_finds_nothing(self):
        definition = json.loads(DEFINITION)
        self.assertEqual(self.judge(definition), 0)
        broken = copy.deepcopy(definition)
        broken['States']['Begin']['Next'] = 'Nowhere'
        self.assertGreater(self.judge(broken), 0)


if __name__ == '__main__':
    infra_tap.run()
