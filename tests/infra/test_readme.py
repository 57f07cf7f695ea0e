#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of infra/README.md: that they can be read, and that what they call and name is there."""
import re
import subprocess
import unittest

import botocore.session
import infra_tap
from botocore import xform_name

from validate import TEMPLATE
from validation.functions import read_handlers
from validation.permissions import statements
from validation.template import parse

TEXT = (infra_tap.INFRA / 'README.md').read_text()
TEMPLATE_PARSED = parse(TEMPLATE.read_text())
# Of all commands of the AWS CLI.
COMMON = {'query', 'output', 'region', 'profile'}
# What the CLI makes by itself from no one call.
OWN = {'s3': {'ls': set(), 'cp': {'recursive'}}}


def blocks():
    """The shell scripts, as they would be typed."""
    for indent, text in re.findall(r'^( *)```sh\n(.*?)^ *```', TEXT, re.S | re.M):
        yield re.sub(rf'^{indent}', '', text, flags=re.M)


def calls(text):
    """(service, command, flags, words) of each call of the AWS CLI, in blocks and in sentences."""
    text, pieces = text.replace('\\\n', ' '), []
    while inner := re.search(r'\$\(([^()]*)\)', text):  # one call within another
        pieces.append(inner.group(1))
        text = text[:inner.start()] + 'x' + text[inner.end():]
    for piece in [*pieces, text]:
        for call in re.findall(r'\baws ([a-z][^|;&`#\n]*)', piece):
            words = call.split()
            if len(words) > 1:
                yield words[0], words[1], re.findall(r'--([a-z-]+)', call), words


class ReadmeTest(unittest.TestCase):
    def setUp(self):
        self.session = botocore.session.get_session()

    def test_scripts_can_be_read(self):
        found = list(blocks())
        self.assertGreater(len(found), 8)
        for block in found:
            script = re.sub(r'<[a-z ]+>', 'word', block)  # what the reader is to fill in
            result = subprocess.run(['bash', '-n'], input=script, capture_output=True, text=True, check=False)
            self.assertEqual((result.returncode, result.stderr), (0, ''), block)

    def test_calls_of_aws(self):
        seen = set()
        for service, command, flags, words in calls(TEXT):
            with self.subTest(' '.join(words[:6])):
                seen.add((service, command))
                self.check_call(service, command, flags, words)
        self.assertGreater(len(seen), 12)

    def check_call(self, service, command, flags, words):
        if command in OWN.get(service, {}):
            self.assertLessEqual(set(flags) - COMMON, OWN[service][command])
            return
        model = self.session.get_service_model(service)
        if command == 'wait':
            waiters = self.session.get_waiter_model(service)
            names = {xform_name(name, '-'): name for name in waiters.waiter_names}
            self.assertIn(words[2], names)
            operation = waiters.get_waiter(names[words[2]]).operation
        else:
            names = {xform_name(name, '-'): name for name in model.operation_names}
            self.assertIn(command, names)
            operation = names[command]
        shape = model.operation_model(operation).input_shape
        members = {xform_name(name, '-') for name in shape.members}
        self.assertLessEqual(set(flags) - COMMON, members | {f'no-{name}' for name in members} - COMMON)
        if flags:  # a call in a sentence may be a name alone
            needed = {xform_name(name, '-') for name in shape.required_members}
            self.assertLessEqual(needed, set(flags))

    def test_what_answers_have(self):
        """The first name of each --query is one that the call gives."""
        asked = 0
        for service, command, _, words in calls(TEXT):
            query = re.search(r"--query\s+'?\"?\[?([A-Za-z]+)", ' '.join(words))
            if query is None or command in OWN.get(service, {}):
                continue
            asked += 1
            model = self.session.get_service_model(service)
            names = {xform_name(name, '-'): name for name in model.operation_names}
            self.assertIn(query.group(1), model.operation_model(names[command]).output_shape.members, ' '.join(words[:4]))
        self.assertGreater(asked, 4)

    def test_outputs(self):
        names = set(re.findall(r'\$\(output ([A-Za-z]+)\)', TEXT))
        self.assertGreater(len(names), 8)
        self.assertLessEqual(names, set(TEMPLATE_PARSED['Outputs']))

    def test_parameters_and_resources(self):
        parameters = set(TEMPLATE_PARSED['Parameters'])
        given = {name for line in re.findall(r'--parameter-overrides(.*?)(?:\)?$)', TEXT.replace('\\\n', ' '), re.M)
                 for name in re.findall(r'([A-Za-z]+)=', line)}
        self.assertIn('BudgetEmail', given)
        self.assertLessEqual(given, parameters)
        listed = {name for name in re.findall(r'^\| `([A-Z][A-Za-z]+)` \|', TEXT, re.M)}
        told = {*parameters, *re.findall(r'"Error": "(\w+)"', (infra_tap.INFRA / 'training.asl.json').read_text())}
        self.assertLessEqual({'HoursSpent', 'TrainingHours'}, listed)
        self.assertLessEqual(listed, told)
        functions = set(re.findall(r'\b([A-Z][A-Za-z]+Function)\b', TEXT))
        self.assertIn('SyncFunction', functions)
        self.assertLessEqual(functions, set(TEMPLATE_PARSED['Resources']))

    def test_all_who_write_are_stopped(self):
        """Of a restore: a function that could still write would lose what it writes."""
        loop = re.search(r'for KEY in (.*?); do', TEXT.replace('\\\n', ' ')).group(1).split()
        writers = set()
        for name, role in TEMPLATE_PARSED['Resources'].items():
            if role['Type'] != 'AWS::Lambda::Function':
                continue
            writes = any("'U#*'" in str(statement) and re.search(r'dynamodb:(Put|Update|Delete|BatchWrite)Item', str(statement))
                         for statement in statements(TEMPLATE_PARSED['Resources'][name.replace('Function', 'Role')]))
            if writes and not name.startswith('Training'):  # rankings are made anew
                writers.add(name)
        self.assertLessEqual({'SyncFunction', 'ChatFunction', 'PublisherFunction'}, writers)
        self.assertLessEqual(writers, set(loop))

    def test_programs_of_ours(self):
        for path in re.findall(r'python3 (infra/\S+\.py|\S+\.py)', TEXT):
            self.assertTrue((infra_tap.TOP / path).exists() or (infra_tap.INFRA / path).exists(), path)
        dev = (infra_tap.TOP / 'build-aux' / 'dev').read_text()
        for command in set(re.findall(r'build-aux/dev ([a-z]+)', TEXT)):
            self.assertRegex(dev, rf'(?m)^  {command}\b')
        options = (infra_tap.TOP / 'meson.options').read_text()
        for name in set(re.findall(r'-D([a-z_]+)=', TEXT)):
            self.assertIn(f"option('{name}'", options)
        for group in set(re.findall(r'/rafilm/prod/([a-z][a-z-]*)`', TEXT)):
            self.assertTrue(group in read_handlers() | {'rest', 'socket'}, group)


if __name__ == '__main__':
    infra_tap.run()
