# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions, against the source that they run."""
import re
from pathlib import Path

from .permissions import statements
from .template import as_list, branches, properties, resources, sub_text, target

SOURCE = Path(__file__).resolve().parents[2] / 'src' / 'cloud'

# Read by src/cloud, but for emulators or with a default that is right on AWS.
LEFT_OUT = {'RAFILM_ISSUER', 'RAFILM_TMDB_URL'}

# A function that may do the one (a service or an action) needs to be told the other, and the reverse.
NEEDS = {
    'dynamodb': 'RAFILM_TABLE',
    'execute-api': 'RAFILM_CONNECTIONS_URL',
    'ssm': 'RAFILM_TMDB_KEY_PARAMETER',
    'bedrock': 'RAFILM_BEDROCK_MODEL',
    'personalize:GetRecommendations': 'RAFILM_CAMPAIGN_ARN',
    'personalize:PutEvents': 'RAFILM_EVENT_TRACKER',
}
WORKERS = {'RAFILM_CHAT_WORKER', 'RAFILM_ACCOUNT_WORKER'}
BUCKETS = {'RAFILM_TAKEOUT_BUCKET', 'RAFILM_TRAINING_BUCKET'}
# What follows a table's stream needs no name of the table.
STREAM = {'dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'}
LONGEST_ROUTE = 29


def read_handlers(source=SOURCE):
    """Names in the table of handlers."""
    text = (source / 'rafilm-handler.c').read_text()
    table = re.search(r'handlers\[\] = \{(.*?)\n\};', text, re.S).group(1)
    return set(re.findall(r'\{ "([a-z-]+)", rafilm_', table))


def read_variables(source=SOURCE):
    """Names of all RAFILM_ variables that the functions read."""
    return {name for path in sorted(source.rglob('*.c'))
            for name in re.findall(r'"(RAFILM_[A-Z_]+)"', path.read_text())}


def environment(function):
    return properties(function).get('Environment', {}).get('Variables', {})


def check_handlers(template):
    handlers = read_handlers()
    found = {}
    for name, function in resources(template, 'AWS::Lambda::Function'):
        handler = properties(function).get('Handler')
        if handler not in handlers:
            yield f'{name}: src/cloud has no handler {handler}'
        if handler in found:
            yield f'{name}: {found[handler]} has the handler {handler} already'
        found[handler] = name
    for handler in sorted(handlers - set(found)):
        yield f'no function runs the handler {handler}'


def check_functions(template):
    roles = {}
    for name, function in resources(template, 'AWS::Lambda::Function'):
        own = properties(function)
        role = target(own.get('Role'))
        log = target((own.get('LoggingConfig') or {}).get('LogGroup'))
        if template['Resources'].get(role, {}).get('Type') != 'AWS::IAM::Role':
            yield f'{name}: has no role'
        elif role in roles:
            yield f'{name}: shares its role with {roles[role]}'
        roles[role] = name
        group = template['Resources'].get(log, {})
        if group.get('Type') != 'AWS::Logs::LogGroup':
            yield f'{name}: has no log group'
        if own.get('Runtime') != 'provided.al2023':
            yield f'{name}: bootstrap needs the runtime provided.al2023'
        if own.get('Architectures') != [{'Ref': 'Architecture'}]:
            yield f'{name}: runs on what was built, which a parameter says (Architecture)'
        if own.get('Code') != 'build/rafilm.zip':
            yield f'{name}: its code is not what build-aux/dev package makes'
    for name, group in resources(template, 'AWS::Logs::LogGroup'):
        if 'RetentionInDays' not in properties(group):
            yield f'{name}: logs are kept for ever'


def check_variables(template):
    read = read_variables()
    seen = set()
    for name, function in resources(template, 'AWS::Lambda::Function'):
        for variable in environment(function):
            seen.add(variable)
            if variable not in read:
                yield f'{name}: src/cloud reads no {variable}'
    for variable in sorted(read - seen - LEFT_OUT):
        yield f'no function is told {variable}, which src/cloud reads'


def check_needs(template):
    for name, function in resources(template, 'AWS::Lambda::Function'):
        role = template['Resources'].get(target(properties(function).get('Role')), {})
        actions = {action for statement in statements(role) for action in as_list(statement.get('Action'))}
        services = actions | {action.partition(':')[0] for action in actions}
        if actions <= STREAM | {a for a in actions if not a.startswith('dynamodb:')}:
            services.discard('dynamodb')
        told = environment(function)
        for service, variable in NEEDS.items():
            if service in services and variable not in told:
                yield f'{name}: may use {service}, but is not told {variable}'
            if service not in services and variable in told:
                yield f'{name}: is told {variable}, but may not use {service}'
        if 'lambda' in services and not WORKERS & set(told):
            yield f'{name}: may use lambda, but is told no worker'
        if 's3' in services and not BUCKETS & set(told):
            yield f'{name}: may use s3, but is told no bucket'
        for variable in sorted(BUCKETS & set(told)):
            if 's3' not in services:
                yield f'{name}: is told {variable}, but may not use s3'
        for variable in sorted(WORKERS & set(told)):
            if 'lambda' not in services:
                yield f'{name}: is told {variable}, but may not use lambda'


def check_selects(template, source=SOURCE):
    """A condition on what a query does not say is never met."""
    for name, function in resources(template, 'AWS::Lambda::Function'):
        role = target(properties(function).get('Role'))
        for statement in statements(template['Resources'].get(role, {})):
            conditions = statement.get('Condition', {})
            path = source / 'handlers' / f'{properties(function).get("Handler")}.c'
            if 'dynamodb:Select' in conditions.get('StringEquals', {}) and '"Select"' not in path.read_text():
                yield f'{role}/{statement.get("Sid")}: {path.name} never says what it selects'
            if 'dynamodb:Attributes' in conditions.get('ForAllValues:StringEquals', {}) \
                    and 'dynamodb:Select' not in conditions.get('StringEquals', {}):
                yield f'{role}/{statement.get("Sid")}: who names no attributes gets all of them (dynamodb:Select)'


def check_tables(template):
    """Statements on the table and those on its index must be for the same, restored or not."""
    for name, role in resources(template, 'AWS::IAM::Role'):
        for statement in statements(role):
            for resource in as_list(statement.get('Resource')):
                sides = list(branches(resource))
                if any(target(side) == 'Table' for side in sides) and not any(
                        'RestoredTable' in (sub_text(side) or target(side) or '') for side in sides):
                    yield f'{name}/{statement.get("Sid")}: a restored table could not be used'


def check_times(template):
    workers = {'ChatWorkerFunction', 'AccountWorkerFunction', 'PublisherFunction', 'TrackerFunction',
               'TrainingCleanFunction', 'TrainingExportFunction', 'TrainingGuardFunction', 'TrainingLoadFunction'}
    for name, function in resources(template, 'AWS::Lambda::Function'):
        if name not in workers and properties(function).get('Timeout', 3) > LONGEST_ROUTE:
            yield f'{name}: API Gateway waits for {LONGEST_ROUTE} s at most'


CHECKS = [check_handlers, check_functions, check_variables, check_needs, check_selects, check_tables, check_times]
