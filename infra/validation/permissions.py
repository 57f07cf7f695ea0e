# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what: roles, policies of resources, and who may call a function."""
import re

from .template import as_list, branches, properties, resources, sub_text, target, walk

# Where a name cannot be known before, and nothing narrower can be said.
OPEN_RESOURCES = [
    re.compile(r'^arn:[^*]+:execute-api:[^*]+\$\{SocketApi\}/\$\{StageName\}/POST/@connections/\*$'),
    re.compile(r'^\$\{[A-Za-z]+Bucket\.Arn\}/[a-z]+/\*$'),
    re.compile(r'^arn:[^*]+:states:[^*]+:execution:rafilm-\$\{StageName\}-training:\*$'),
    re.compile(r'^arn:[^*]+:personalize:[^*]+:(dataset-import-job|batch-inference-job|data-deletion-job)/rafilm-\$\{StageName\}-\*$'),
    re.compile(r'^arn:[^*]+:personalize:[^*]+:solution/rafilm-\$\{StageName\}/\*$'),
]
MODEL_OF_PROFILE = re.compile(r'^arn:[^*]+:bedrock:\*::foundation-model/\$\{BedrockFoundationModel\}$')
CALLER = re.compile(r'\$\{RestApi\}/\$\{StageName\}/[A-Z]+/v1/[a-z]+(/[a-z*]+)*$|'
                    r'\$\{SocketApi\}/(\$\{StageName\}/\$?[a-z.]+|authorizers/\$\{SocketAuthorizer\})$')
MANAGED_POLICIES = {
    'arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
}
# These know no keys; a stream's function sees all that is written.
KEYLESS = {'dynamodb:ExportTableToPointInTime', 'dynamodb:DescribeStream', 'dynamodb:GetRecords',
           'dynamodb:GetShardIterator', 'dynamodb:ListStreams'}
SCANS = {'dynamodb:Scan', 'dynamodb:PartiQLSelect', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable'}


def statements(role):
    for policy in as_list(properties(role).get('Policies')):
        for entry in as_list(policy['PolicyDocument'].get('Statement')):
            for statement in branches(entry):
                yield statement


def _check_resource(where, statement, resource):
    text = sub_text(resource)
    if text is None or '*' not in text:
        return
    if any(pattern.match(text) for pattern in OPEN_RESOURCES):
        return
    if MODEL_OF_PROFILE.match(text):
        condition = statement.get('Condition', {}).get('StringEquals', {})
        if 'bedrock:InferenceProfileArn' in condition:
            return
        yield f'{where}: models of every region need the condition bedrock:InferenceProfileArn'
        return
    yield f'{where}: the resource {text} could be narrower'


def _only_finds_accounts(statement):
    """A scan that can be asked for keys and marks, and for nothing that somebody wrote."""
    condition = statement.get('Condition', {})
    return (as_list(statement.get('Action')) == ['dynamodb:Scan']
            and set(condition.get('ForAllValues:StringEquals', {}).get('dynamodb:Attributes', ['*'])) <= {'pk', 'sk', 'gone'}
            and condition.get('StringEquals', {}).get('dynamodb:Select') == 'SPECIFIC_ATTRIBUTES')


def _check_statement(where, statement, assumed_by):
    if statement.get('Effect') != 'Allow':
        return
    if 'NotAction' in statement or 'NotResource' in statement:
        yield f'{where}: allows all but something'
    for action in as_list(statement.get('Action')):
        if '*' in action:
            yield f'{where}: the action {action} could be narrower'
        if action in SCANS and not _only_finds_accounts(statement):
            yield f'{where}: no function needs {action}'
    for entry in as_list(statement.get('Resource')):
        for resource in branches(entry):
            yield from _check_resource(where, statement, resource)
    if not as_list(statement.get('Resource')):
        yield f'{where}: no resource is named'
    keys = statement.get('Condition', {}).get('ForAllValues:StringLike', {}).get('dynamodb:LeadingKeys')
    uses_items = any(a.startswith('dynamodb:') and a not in KEYLESS
                     for a in as_list(statement.get('Action')))
    if assumed_by == 'lambda.amazonaws.com' and uses_items and not _only_finds_accounts(statement):
        if not keys:
            yield f'{where}: the table is open for all keys (dynamodb:LeadingKeys)'
        for key in as_list(keys):
            if not re.fullmatch(r'[A-Z]#\*', key):
                yield f'{where}: the leading key {key} is no single kind of item'


def check_roles(template):
    for name, role in resources(template, 'AWS::IAM::Role'):
        document = properties(role).get('AssumeRolePolicyDocument', {})
        services = [service for s in as_list(document.get('Statement'))
                    for service in as_list((s.get('Principal') or {}).get('Service')
                                           if isinstance(s.get('Principal'), dict) else None)]
        if len(services) != 1:
            yield f'{name}: must be assumed by exactly one service'
        for arn in as_list(properties(role).get('ManagedPolicyArns')):
            if sub_text(arn) not in MANAGED_POLICIES:
                yield f'{name}: the managed policy {sub_text(arn)} grants more than is used'
        for statement in statements(role):
            where = f'{name}/{statement.get("Sid", "?")}'
            yield from _check_statement(where, statement, services[0] if services else None)
    for name, _ in resources(template, 'AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::User'):
        yield f'{name}: policies stand in the role that they are for'


def check_public(template):
    """Policies of buckets, topics and whatever else has one: nobody is allowed anything unless they
    are named."""
    for name, resource in resources(template):
        if resource.get('Type') == 'AWS::IAM::Role':
            continue
        for _, statement in walk(properties(resource)):
            if not isinstance(statement, dict) or statement.get('Effect') != 'Allow':
                continue
            principal = statement.get('Principal')
            named = as_list(principal.get('AWS')) if isinstance(principal, dict) else as_list(principal)
            if '*' in named or 'NotPrincipal' in statement:
                yield f'{name}: allows everybody'


def check_callers(template):
    for name, permission in resources(template, 'AWS::Lambda::Permission'):
        source = properties(permission).get('SourceArn')
        if source is None:
            yield f'{name}: whoever uses the service may call the function (SourceArn)'
        elif not re.search(r'\$\{(RestApi|SocketApi)\}/', sub_text(source) or ''):
            yield f'{name}: SourceArn names no API of ours'
        elif not CALLER.search(sub_text(source)):
            yield f'{name}: SourceArn could name a route'
        if properties(permission).get('Principal') != 'apigateway.amazonaws.com':
            yield f'{name}: only API Gateway calls functions'
        if target(properties(permission).get('FunctionName')) not in template['Resources']:
            yield f'{name}: names no function'
    for name, _ in resources(template, 'AWS::Lambda::Url'):
        yield f'{name}: a function with an address of its own has no firewall'


CHECKS = [check_roles, check_public, check_callers]
