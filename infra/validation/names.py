# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that lead nowhere, or to what may not be there."""
import json
import re

from .template import SUB_NAME, as_list, references, resources, sub_text, walk

PSEUDO = {
    'AWS::AccountId', 'AWS::NoValue', 'AWS::Partition', 'AWS::Region', 'AWS::StackName',
    'AWS::StackId', 'AWS::URLSuffix', 'AWS::NotificationARNs',
}

# What Fn::GetAtt gives, of the types in use (AWS's reference of resource types, "Return values").
ATTRIBUTES = {
    'AWS::Amplify::App': {'AppId', 'AppName', 'Arn', 'DefaultDomain'},
    'AWS::ApiGateway::RestApi': {'RestApiId', 'RootResourceId'},
    'AWS::Cognito::UserPool': {'Arn', 'ProviderName', 'ProviderURL', 'UserPoolId'},
    'AWS::Cognito::UserPoolClient': {'ClientId', 'ClientSecret', 'Name'},
    'AWS::DynamoDB::Table': {'Arn', 'StreamArn'},
    'AWS::IAM::Role': {'Arn', 'RoleId'},
    'AWS::Lambda::Function': {'Arn'},
    'AWS::Logs::LogGroup': {'Arn'},
    'AWS::Personalize::Dataset': {'DatasetArn'},
    'AWS::Personalize::DatasetGroup': {'DatasetGroupArn'},
    'AWS::Personalize::EventTracker': {'EventTrackerArn', 'TrackingId'},
    'AWS::Personalize::Schema': {'SchemaArn'},
    'AWS::S3::Bucket': {'Arn', 'DomainName', 'RegionalDomainName'},
    'AWS::SNS::Topic': {'TopicArn', 'TopicName'},
    'AWS::SQS::Queue': {'Arn', 'QueueName', 'QueueUrl'},
    'AWS::WAFv2::WebACL': {'Arn', 'Capacity', 'Id', 'LabelNamespace'},
}

JSON_TEXTS = {
    ('AWS::ApiGateway::Stage', 'AccessLogSetting'), ('AWS::ApiGatewayV2::Stage', 'AccessLogSettings'),
    ('AWS::ApiGateway::GatewayResponse', 'ResponseTemplates'),
    ('AWS::CloudWatch::Dashboard', 'DashboardBody'), ('AWS::Scheduler::Schedule', 'Target'),
    ('AWS::Personalize::Schema', 'Schema'),
}


def check_references(template):
    parameters = template.get('Parameters', {})
    known = template.get('Resources', {})
    for section in ('Resources', 'Outputs', 'Conditions'):
        for owner, value in template.get(section, {}).items():
            for name, attribute in references(value):
                if attribute is None and (name in PSEUDO or name in parameters or name in known):
                    continue
                if attribute is not None and name in known:
                    if attribute not in ATTRIBUTES.get(known[name]['Type'], ()):
                        yield f'{owner}: {known[name]["Type"]} has no attribute {attribute}'
                    continue
                yield f'{owner}: there is no {name}'
    for owner, resource in resources(template):
        for name in as_list(resource.get('DependsOn')):
            if name not in known:
                yield f'{owner}: there is no {name} to depend on'


def _conditions(value):
    for _, inner in walk(value):
        if isinstance(inner, dict):
            if 'Fn::If' in inner:
                yield inner['Fn::If'][0]
            if isinstance(inner.get('Condition'), str):
                yield inner['Condition']


def check_conditions(template):
    conditions = template.get('Conditions', {})
    used = set()
    for section in ('Resources', 'Outputs'):
        for owner, value in template.get(section, {}).items():
            for name in _conditions(value):
                used.add(name)
                if name not in conditions:
                    yield f'{owner}: there is no condition {name}'
    for name in sorted(set(conditions) - used):
        yield f'condition {name} is used nowhere'
    used = {name for part in ('Resources', 'Outputs', 'Conditions')
            for name, _ in references(template.get(part, {}))}
    for name in sorted(set(template.get('Parameters', {})) - used):
        yield f'parameter {name} is used nowhere'


def _unconditional(value):
    """Names that a tree refers to outside of the first sides of its Fn::If."""
    if isinstance(value, dict) and 'Fn::If' in value:
        yield from _unconditional(value['Fn::If'][2])
    elif isinstance(value, dict) and ('Ref' in value or 'Fn::GetAtt' in value):
        yield from (name for name, _ in references(value))
    elif isinstance(value, dict) and 'Fn::Sub' in value:
        yield from (name for name, _ in references(value) if name)
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _unconditional(inner)


def _implied(template, name):
    """A condition and those that it is the Fn::And of."""
    yield name
    for part in (template.get('Conditions', {}).get(name) or {}).get('Fn::And', []):
        if isinstance(part.get('Condition'), str):
            yield from _implied(template, part['Condition'])


def check_conditional(template):
    """What is not always there may be named only where the same condition holds."""
    known = template.get('Resources', {})
    for section in ('Resources', 'Outputs'):
        for owner, value in template.get(section, {}).items():
            for name in _unconditional(value):
                condition = known.get(name, {}).get('Condition')
                if condition is not None and condition not in _implied(template, value.get('Condition')):
                    yield f'{owner}: {name} is there only if {condition}'


def _texts(value):
    """Every text in a tree, a Fn::Sub as one."""
    text = sub_text(value)
    if text is not None:
        yield text
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def check_json(template):
    """Texts that must be JSON once their names are filled in; bare $context.… are numbers."""
    for owner, resource in resources(template):
        for name, value in (resource.get('Properties') or {}).items():
            if (resource['Type'], name) not in JSON_TEXTS:
                continue
            for text in _texts(value):
                if not text.lstrip().startswith('{'):
                    continue
                text = re.sub(r'(?<!")\$context\.[a-zA-Z.]+', '0', SUB_NAME.sub('name', text))
                try:
                    json.loads(text)
                except ValueError as error:
                    yield f'{owner}: {name} is no JSON: {error}'


CHECKS = [check_references, check_conditions, check_conditional, check_json]
