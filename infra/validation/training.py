# SPDX-License-Identifier: GPL-3.0-or-later
"""The state machine of trainings: its definition, what its role may do, and what starts it."""
import json
import re
from pathlib import Path

from .permissions import statements
from .template import as_list, properties, resources, target, walk

FOLDER = Path(__file__).resolve().parents[1]
CALL = re.compile(r'arn:aws:states:::aws-sdk:([a-z0-9]+):([a-zA-Z]+)')
PREFIXES = {'sfn': 'states'}  # where IAM calls a service otherwise than the SDK


def _machines(template):
    for name, machine in resources(template, 'AWS::StepFunctions::StateMachine'):
        path = FOLDER / str(properties(machine).get('DefinitionS3Location'))
        text = path.read_text() if path.is_file() else ''
        yield name, machine, text, json.loads(text or '{}').get('States', {})


def _actions(template, machine):
    role = template['Resources'].get(target(properties(machine).get('RoleArn')), {})
    return [(s, action) for s in statements(role) for action in as_list(s.get('Action'))]


def check_definition(template):
    for name, machine, text, states in _machines(template):
        own = properties(machine)
        if not states:
            yield f'{name}: has no definition in a file'
        if own.get('StateMachineType') != 'STANDARD':
            yield f'{name}: an express workflow ends after five minutes'
        names = set(re.findall(r'\$\{([A-Za-z0-9]+)\}', text))
        for other in sorted(names ^ set(own.get('DefinitionSubstitutions', {}))):
            yield f'{name}: the substitution {other} is given or used, not both'
        for step, state in states.items():
            if state['Type'] == 'Task' and not {'TimeoutSeconds', 'Retry', 'Catch'} <= set(state):
                yield f'{name}/{step}: may hang, or end the run untidily (TimeoutSeconds, Retry, Catch)'
            if state.get('Resource', '').endswith(':createSolution') \
                    and state['Parameters'].get('PerformAutoTraining') is not False:
                yield f'{name}/{step}: the solution would train by itself'


def check_machine_role(template):
    for name, machine, _, states in _machines(template):
        granted = _actions(template, machine)
        used = {'lambda:InvokeFunction'}
        for state in states.values():
            call = CALL.fullmatch(state.get('Resource', ''))
            if call:
                action = call.group(2)[0].upper() + call.group(2)[1:]
                used.add(f'{PREFIXES.get(call.group(1), call.group(1))}:{action}')
            if 'RoleArn' in state.get('Parameters', {}):
                used.add('iam:PassRole')
        for action in sorted(used ^ {action for _, action in granted}):
            yield f'{name}: {action} is granted or used, not both'
        functions = {target(value) for value in properties(machine).get('DefinitionSubstitutions', {}).values()
                     if template['Resources'].get(target(value), {}).get('Type') == 'AWS::Lambda::Function'}
        called = {target(r) for s, action in granted if action == 'lambda:InvokeFunction'
                  for r in as_list(s.get('Resource'))}
        for other in sorted(functions ^ called):
            yield f'{name}: {other} is called or may be called, not both'
        for statement, action in granted:
            to = statement.get('Condition', {}).get('StringEquals', {}).get('iam:PassedToService')
            if action == 'iam:PassRole' and to != 'personalize.amazonaws.com':
                yield f'{name}: the role could be lent to any service (iam:PassedToService)'


def check_start(template):
    machines = {name for name, *_ in _machines(template)}
    started = set()
    for name, schedule in resources(template, 'AWS::Scheduler::Schedule'):
        own = properties(schedule).get('Target', {})
        if target(own.get('Arn')) not in machines:
            continue
        started.add(target(own.get('Arn')))
        if 'MaximumRetryAttempts' not in own.get('RetryPolicy', {}) or 'Arn' not in own.get('DeadLetterConfig', {}):
            yield f'{name}: a start that fails would be forgotten (RetryPolicy, DeadLetterConfig)'
        role = template['Resources'].get(target(own.get('RoleArn')), {})
        for statement in statements(role):
            if 'states:StartExecution' in as_list(statement.get('Action')) \
                    and [target(r) for r in as_list(statement['Resource'])] != [target(own['Arn'])]:
                yield f'{name}: may start other state machines'
    for name in sorted(machines - started):
        yield f'{name}: nothing starts it'


def check_trusted(template):
    """Services that act for whoever asks them must act for us alone."""
    asked = {'personalize.amazonaws.com', 'scheduler.amazonaws.com', 'states.amazonaws.com'}
    for name, resource in resources(template, 'AWS::IAM::Role', 'AWS::S3::BucketPolicy'):
        for _, statement in walk(properties(resource)):
            principal = statement.get('Principal') if isinstance(statement, dict) else None
            if isinstance(principal, dict) and principal.get('Service') in asked and \
                    'aws:SourceAccount' not in statement.get('Condition', {}).get('StringEquals', {}):
                yield f'{name}: {principal["Service"]} could act for another account (aws:SourceAccount)'


CHECKS = [check_definition, check_machine_role, check_start, check_trusted]
