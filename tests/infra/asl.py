# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a state machine's own definition in virtual time.

The part of Amazon States Language that Rafilm uses, in JSONPath (https://states-language.net/spec.html
and AWS's guide to Step Functions). What it does not know it refuses, so that nothing is left out unseen.
"""
import json
import random
import re
from datetime import datetime, timezone

MAX_DATA = 256 * 1024  # bytes between two states
EVERYWHERE = {'Type', 'Comment'}
FIELDS = {
    'Pass': {'Result', 'Parameters', 'ResultPath', 'Next'},
    'Task': {'Resource', 'Parameters', 'ResultSelector', 'ResultPath', 'TimeoutSeconds', 'Retry', 'Catch', 'Next'},
    'Choice': {'Choices', 'Default'},
    'Wait': {'Seconds', 'Next'},
    'Succeed': set(),
    'Fail': {'ErrorPath', 'CausePath'},
}
MACHINE = {'Comment', 'QueryLanguage', 'StartAt', 'TimeoutSeconds', 'States'}
RETRIER = {'ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'}
CATCHER = {'ErrorEquals', 'ResultPath', 'Next'}
RESOURCE = re.compile(r'arn:aws:states:::(lambda:invoke|aws-sdk:[a-z0-9]+:[a-zA-Z]+)')
STEP = re.compile(r'\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]')
INTRINSIC = re.compile(r'States\.(Format|JsonToString)\((.*)\)', re.S)
ARGUMENT = re.compile(r"\s*(?:'((?:[^'\\]|\\.)*)'|(\$\$?[A-Za-z0-9_.\[\]]*))\s*(?:,|$)")
NOTHING = object()


class Refused(Exception):
    """The definition has something that is wrong, or that is not known here."""


class TaskError(Exception):
    """How a task fails: a name that Retry and Catch look for, and a cause."""

    def __init__(self, error, cause=''):
        super().__init__(f'{error}: {cause}')
        self.error, self.cause = error, cause


class RuntimeFailure(Exception):
    """States.Runtime: neither retried nor caught."""


class Clock:
    """Seconds of 1970, which pass only when somebody waits."""

    def __init__(self, now):
        self.now = now

    def text(self):
        return datetime.fromtimestamp(self.now, timezone.utc).isoformat(timespec='milliseconds').replace('+00:00', 'Z')


def substitute(text, values):
    """DefinitionSubstitutions: each ${Name} must be given, and each one given must be used."""
    names = set(re.findall(r'\$\{([A-Za-z0-9]+)\}', text))
    if names != set(values):
        raise Refused(f'substitutions differ: {sorted(names ^ set(values))}')
    return re.sub(r'\$\{([A-Za-z0-9]+)\}', lambda m: json.dumps(values[m.group(1)])[1:-1], text)


def steps_of(path):
    rest = path[1:]
    found = [(name or int(index)) for name, index in STEP.findall(rest)]
    if not path.startswith('$') or ''.join(f'.{s}' if isinstance(s, str) else f'[{s}]' for s in found) != rest:
        raise Refused(f'path {path} is of a kind not known here')
    return found


def look_up(path, data, context):
    """The value, or NOTHING."""
    if path.startswith('$$'):
        path, data = path[1:], context
    for step in steps_of(path):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return NOTHING
    return data


def need(path, data, context):
    value = look_up(path, data, context)
    if value is NOTHING:
        raise RuntimeFailure(f'there is nothing at {path}')
    return value


def arguments_of(text):
    found, at = [], 0
    while at < len(text):
        match = ARGUMENT.match(text, at)
        if match is None:
            raise Refused(f'arguments not known here: {text}')
        found.append(match.groups())
        at = match.end()
    return found


def evaluate(expression, data, context):
    """A path or an intrinsic function."""
    if expression.startswith('$'):
        return need(expression, data, context)
    match = INTRINSIC.fullmatch(expression)
    if match is None:
        raise Refused(f'{expression} is no path and no function known here')
    values = [re.sub(r'\\(.)', r'\1', text) if path is None else need(path, data, context)
              for text, path in arguments_of(match.group(2))]
    if match.group(1) == 'JsonToString':
        return json.dumps(*values)
    template, *values = values
    if template.count('{}') != len(values):
        raise RuntimeFailure(f'{expression} has other than {len(values)} places')
    for value in values:
        template = template.replace('{}', value if isinstance(value, str) else json.dumps(value), 1)
    return template


def fill(template, data, context):
    """A payload template: members that end in .$ are evaluated."""
    if isinstance(template, list):
        return [fill(item, data, context) for item in template]
    if not isinstance(template, dict):
        return template
    return {name.removesuffix('.$'): evaluate(value, data, context) if name.endswith('.$') else fill(value, data, context)
            for name, value in template.items()}


def put(data, path, value):
    """ResultPath."""
    if path is None:
        return data
    if path == '$':
        return value
    data = json.loads(json.dumps(data))
    *steps, last = steps_of(path)
    inner = data
    for step in steps:
        inner = inner.setdefault(step, {})
    inner[last] = value
    return data


def as_time(text):
    return datetime.fromisoformat(text.replace('Z', '+00:00'))


OPERATORS = {
    'StringEquals': lambda a, b: isinstance(a, str) and a == b,
    'BooleanEquals': lambda a, b: isinstance(a, bool) and a == b,
    'NumericEquals': lambda a, b: not isinstance(a, bool) and isinstance(a, (int, float)) and a == b,
    'NumericGreaterThanEquals': lambda a, b: not isinstance(a, bool) and isinstance(a, (int, float)) and a >= b,
    'TimestampGreaterThan': lambda a, b: as_time(a) > as_time(b),
}


def holds(rule, data, context):
    """Of one rule of a Choice."""
    if 'And' in rule:
        return all(holds(inner, data, context) for inner in rule['And'])
    if 'Or' in rule:
        return any(holds(inner, data, context) for inner in rule['Or'])
    if 'Not' in rule:
        return not holds(rule['Not'], data, context)
    (operator, value), = ((k, v) for k, v in rule.items() if k not in ('Variable', 'Next'))
    if operator == 'IsPresent':
        return (look_up(rule['Variable'], data, context) is not NOTHING) == value
    if operator.endswith('Path'):
        operator, value = operator.removesuffix('Path'), need(value, data, context)
    return OPERATORS[operator](need(rule['Variable'], data, context), value)


def _known(what, given, known, needed=()):
    for name in sorted(set(given) - set(known)):
        raise Refused(f'{what}: {name} is not known here')
    for name in sorted(set(needed) - set(given)):
        raise Refused(f'{what}: {name} is missing')


def _check_rule(name, rule, top):
    _known(name, ['Next'] if top != ('Next' in rule) else [], [])
    operators = set(rule) - {'Next', 'Variable'}
    if len(operators) != 1:
        raise Refused(f'{name}: a rule has one operator')
    operator, = operators
    if operator in ('And', 'Or', 'Not'):
        for inner in [rule['Not']] if operator == 'Not' else rule[operator]:
            _check_rule(name, inner, False)
    elif operator != 'IsPresent' and operator.removesuffix('Path') not in OPERATORS:
        raise Refused(f'{name}: {operator} is not known here')
    elif 'Variable' not in rule:
        raise Refused(f'{name}: Variable is missing')


def _targets(state):
    yield from (state[key] for key in ('Next', 'Default') if key in state)
    for entry in state.get('Choices', []) + state.get('Catch', []):
        yield entry['Next']


class StateMachine:
    """A definition that was looked through: every state and field known, every name leading somewhere."""

    def __init__(self, definition):
        _known('the machine', definition, MACHINE, {'StartAt', 'States', 'TimeoutSeconds'})
        if definition.get('QueryLanguage', 'JSONPath') != 'JSONPath':
            raise Refused('only JSONPath is known here')
        self.definition, self.states = definition, definition['States']
        for name, state in self.states.items():
            self._check(name, state)
        reached, left = set(), [definition['StartAt']]
        while left:
            name = left.pop()
            if name not in self.states:
                raise Refused(f'there is no state {name}')
            if name not in reached:
                reached.add(name)
                left.extend(_targets(self.states[name]))
        _known('never reached', self.states, reached)

    def _check(self, name, state):
        kind = state.get('Type')
        if kind not in FIELDS:
            raise Refused(f'{name}: the type {kind} is not known here')
        needed = {'Pass': {'Next'}, 'Task': {'Resource', 'Next', 'TimeoutSeconds'}, 'Choice': {'Choices', 'Default'},
                  'Wait': {'Seconds', 'Next'}, 'Succeed': set(), 'Fail': FIELDS['Fail']}[kind]
        _known(name, state, FIELDS[kind] | EVERYWHERE, needed)
        if kind == 'Task' and not RESOURCE.fullmatch(state['Resource']):
            raise Refused(f'{name}: {state["Resource"]} is not known here')
        for rule in state.get('Choices', []):
            _check_rule(name, rule, True)
        for key, fields in (('Retry', RETRIER), ('Catch', CATCHER)):
            entries = state.get(key, [])
            for entry in entries:
                _known(f'{name}/{key}', entry, fields, {'ErrorEquals'})
                if 'States.ALL' in entry['ErrorEquals'] and (entry is not entries[-1] or len(entry['ErrorEquals']) > 1):
                    raise Refused(f'{name}/{key}: States.ALL stands alone, and last')


def matches(names, error):
    return error in names or 'States.ALL' in names or 'States.TaskFailed' in names and error != 'States.Timeout'


class Execution:
    """One run. `services` is called with (resource, parameters, execution) and gives a result or raises TaskError."""

    def __init__(self, machine, services, clock, name, data=None, seed=1):
        self.machine, self.services, self.clock = machine, services, clock
        self.arn = f'arn:aws:states:us-east-1:123456789012:execution:training:{name}'
        self.data = {} if data is None else data
        self.status, self.error, self.cause = 'RUNNING', None, None
        self.history = []
        self.began = clock.now
        self.context = {'Execution': {'Id': self.arn, 'Name': name, 'StartTime': clock.text()}, 'State': {}}
        self.state = machine.definition['StartAt']
        self.random = random.Random(seed)

    def run(self, most=10_000):
        """Until it ends, or for so many states."""
        while self.status == 'RUNNING' and most > 0:
            self.step()
            most -= 1
        return self

    def stop(self):
        if self.status == 'RUNNING':
            self.status = 'ABORTED'

    def step(self):
        if self.clock.now > self.began + self.machine.definition['TimeoutSeconds']:
            self.status = 'TIMED_OUT'
            return
        state = self.machine.states[self.state]
        self.context['State'] = {'Name': self.state, 'EnteredTime': self.clock.text()}
        self.history.append(self.state)
        try:
            getattr(self, '_' + state['Type'].lower())(state)
        except RuntimeFailure as failure:
            self.status, self.error, self.cause = 'FAILED', 'States.Runtime', f'{self.state}: {failure}'
        if len(json.dumps(self.data)) > MAX_DATA:
            self.status, self.error = 'FAILED', 'States.DataLimitExceeded'

    def _pass(self, state):
        value = state.get('Result', self.data)
        if 'Parameters' in state:
            value = fill(state['Parameters'], self.data, self.context)
        self.data = put(self.data, state.get('ResultPath', '$'), value)
        self.state = state['Next']

    def _wait(self, state):
        self.clock.now += state['Seconds']
        self.state = state['Next']

    def _choice(self, state):
        for rule in state['Choices']:
            if holds(rule, self.data, self.context):
                self.state = rule['Next']
                return
        self.state = state['Default']

    def _succeed(self, _):
        self.status = 'SUCCEEDED'

    def _fail(self, state):
        self.status = 'FAILED'
        self.error = need(state['ErrorPath'], self.data, self.context)
        self.cause = need(state['CausePath'], self.data, self.context)

    def _call(self, state):
        parameters = fill(state.get('Parameters', self.data), self.data, self.context)
        began = self.clock.now
        result = self.services(state['Resource'].removeprefix('arn:aws:states:::'), parameters, self)
        if self.clock.now - began > state['TimeoutSeconds']:
            self.clock.now = began + state['TimeoutSeconds']
            raise TaskError('States.Timeout')
        if 'ResultSelector' in state:
            result = fill(state['ResultSelector'], result, self.context)
        return put(self.data, state.get('ResultPath', '$'), result)

    def _task(self, state):
        tried = {}
        while True:
            try:
                self.data = self._call(state)
                self.state = state['Next']
                return
            except TaskError as error:
                delay = self._delay(state, error.error, tried)
                if delay is None:
                    self._caught(state, error)
                    return
                self.clock.now += delay

    def _delay(self, state, error, tried):
        """Seconds until the next try, or None."""
        for index, retrier in enumerate(state.get('Retry', [])):
            if matches(retrier['ErrorEquals'], error):
                count = tried[index] = tried.get(index, 0) + 1
                if count > retrier.get('MaxAttempts', 3):
                    return None
                delay = retrier.get('IntervalSeconds', 1) * retrier.get('BackoffRate', 2) ** (count - 1)
                delay = min(delay, retrier.get('MaxDelaySeconds', delay))
                return self.random.uniform(0, delay) if retrier.get('JitterStrategy') == 'FULL' else delay
        return None

    def _caught(self, state, error):
        for catcher in state.get('Catch', []):
            if matches(catcher['ErrorEquals'], error.error):
                self.data = put(self.data, catcher.get('ResultPath', '$'), {'Error': error.error, 'Cause': error.cause})
                self.state = catcher['Next']
                return
        self.status, self.error, self.cause = 'FAILED', error.error, error.cause
