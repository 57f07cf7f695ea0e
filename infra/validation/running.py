# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on by itself, and who notices when it does not: schedules, streams, jobs, alarms, the site."""
from .functions import STREAM, environment
from .permissions import statements
from .template import as_list, branches, properties, resources, sub_text, target

# Kinds of resources that were thought about: what they cost, who gets at them, what stays.
TYPES = {
    'AWS::Amplify::App', 'AWS::Amplify::Branch', 'AWS::ApiGateway::Account', 'AWS::ApiGateway::Authorizer',
    'AWS::ApiGateway::Deployment', 'AWS::ApiGateway::GatewayResponse', 'AWS::ApiGateway::Method',
    'AWS::ApiGateway::Resource', 'AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Stage', 'AWS::ApiGatewayV2::Api',
    'AWS::ApiGatewayV2::Authorizer', 'AWS::ApiGatewayV2::Deployment', 'AWS::ApiGatewayV2::Integration',
    'AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Stage', 'AWS::Budgets::Budget', 'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::Dashboard', 'AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient', 'AWS::DynamoDB::Table',
    'AWS::IAM::Role', 'AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Function',
    'AWS::Lambda::Permission', 'AWS::Logs::LogGroup', 'AWS::Personalize::Dataset', 'AWS::Personalize::DatasetGroup',
    'AWS::Personalize::EventTracker', 'AWS::Personalize::Schema', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy',
    'AWS::SNS::Subscription', 'AWS::SNS::Topic', 'AWS::SNS::TopicPolicy', 'AWS::SQS::Queue', 'AWS::Scheduler::Schedule',
    'AWS::Scheduler::ScheduleGroup', 'AWS::StepFunctions::StateMachine', 'AWS::WAFv2::WebACL',
    'AWS::WAFv2::WebACLAssociation',
}
EXPORT = 'aws-sdk:dynamodb:exportTableToPointInTime'
# The last because the service gives its objects to the bucket's owner in so many words.
EXPORT_RIGHTS = {'dynamodb:ExportTableToPointInTime', 's3:PutObject', 's3:AbortMultipartUpload', 's3:PutObjectAcl'}
# By what AWS tells metrics apart; a wrong name is an alarm that never rings.
DIMENSIONS = {'AWS/ApiGateway': [{'ApiName', 'Stage'}], 'AWS/DynamoDB': [{'TableName'}],
              'AWS/Lambda': [{'FunctionName'}, set()], 'AWS/Scheduler': [{'ScheduleGroup'}],
              'AWS/States': [{'StateMachineArn'}]}
# Metric, and of which function where it is one's own.
WATCHED = {('5XXError', None), ('Latency', None), ('Errors', 'sync'), ('Errors', 'chat-worker'),
           ('Errors', 'account-worker'), ('IteratorAge', 'publisher'), ('Throttles', None),
           ('WriteThrottleEvents', None), ('TargetErrorCount', None), ('ExecutionsFailed', None),
           ('ExecutionsTimedOut', None), ('ChatOutputTokens', None)}


def _handler(template, reference):
    return properties(template['Resources'].get(target(reference), {})).get('Handler')


def _rights(template, reference):
    """(action, what it may be used on) of a role."""
    for statement in statements(template['Resources'].get(target(reference), {})):
        for action in as_list(statement.get('Action')):
            yield action, [target(side) for entry in as_list(statement.get('Resource')) for side in branches(entry)]


def check_types(template):
    for name, resource in resources(template):
        if resource.get('Type') not in TYPES:
            yield f'{name}: {resource.get("Type")} is not known here; what does it cost, and who gets at it?'


def check_schedules(template):
    found = set()
    for name, schedule in resources(template, 'AWS::Scheduler::Schedule'):
        own = properties(schedule)
        to = own.get('Target', {})
        rights = dict(_rights(template, to.get('RoleArn')))
        handler = _handler(template, to.get('Arn'))
        if own.get('State', 'ENABLED') != 'ENABLED':
            yield f'{name}: is turned off'
        if (sub_text(to.get('Arn')) or '').endswith(EXPORT):
            found.add('export')
            if not EXPORT_RIGHTS <= set(rights):
                yield f'{name}: its role may not export ({", ".join(sorted(EXPORT_RIGHTS - set(rights)))})'
        elif handler is not None:
            found.add(handler)
            if target(to.get('Arn')) not in rights.get('lambda:InvokeFunction', []):
                yield f'{name}: its role may not call {target(to.get("Arn"))}'
        else:
            found.add('training')
            if target(to.get('Arn')) not in rights.get('states:StartExecution', []):
                yield f'{name}: its role may not start {target(to.get("Arn"))}'
    for what in sorted({'export', 'account-worker', 'training'} - found):
        yield f'no schedule starts {what}'


def check_streams(template):
    followers = set()
    for name, mapping in resources(template, 'AWS::Lambda::EventSourceMapping'):
        own = properties(mapping)
        function = template['Resources'].get(target(own.get('FunctionName')), {})
        followers.add(properties(function).get('Handler'))
        if 'ReportBatchItemFailures' not in own.get('FunctionResponseTypes', []):
            yield f'{name}: one record that fails would bring all of its batch again'
        missing = STREAM - {action for action, _ in _rights(template, properties(function).get('Role'))}
        if missing:
            yield f'{name}: its function may not read the stream ({", ".join(sorted(missing))})'
        if properties(function).get('Handler') == 'publisher' and own.get('MaximumRetryAttempts') != -1:
            yield f'{name}: would give up, and what was withdrawn would stay public (MaximumRetryAttempts)'
    if followers != {'publisher', 'interactions'}:
        yield f'the stream is followed by {sorted(map(str, followers))}, not by publisher and interactions'


def check_jobs(template):
    """What is called without being waited for says how often it is tried."""
    workers = {target(value) or value for _, function in resources(template, 'AWS::Lambda::Function')
               for name, value in environment(function).items() if name.endswith('_WORKER')}
    known = {target(properties(config).get('FunctionName'))
             for _, config in resources(template, 'AWS::Lambda::EventInvokeConfig')}
    for worker in sorted(name for name in workers & set(template['Resources']) if name not in known):
        yield f'{worker}: how often it is tried is left to chance (EventInvokeConfig)'


def _metrics(alarm):
    own = properties(alarm)
    for entry in own.get('Metrics', [{'MetricStat': {'Metric': own}}]):
        if 'MetricStat' in entry:
            yield entry['MetricStat']['Metric']


def check_watched(template):
    found = set()
    for name, alarm in resources(template, 'AWS::CloudWatch::Alarm'):
        for metric in _metrics(alarm):
            dimensions = {d.get('Name'): d.get('Value') for d in metric.get('Dimensions', [])}
            known = DIMENSIONS.get(metric.get('Namespace'))
            if known is not None and set(dimensions) not in known:
                yield f'{name}: {metric.get("Namespace")} has no metrics by {sorted(dimensions)}'
            found.add((metric.get('MetricName'), _handler(template, dimensions.get('FunctionName'))))
    for metric, handler in sorted(WATCHED - found, key=str):
        yield f'no alarm watches {metric}{" of " + handler if handler else ""}'
    if not any(resources(template, 'AWS::CloudWatch::Dashboard')):
        yield 'there is no dashboard'


def check_site(template):
    branches_of = {target(properties(branch).get('AppId'))
                   for _, branch in resources(template, 'AWS::Amplify::Branch')}
    apps = list(resources(template, 'AWS::Amplify::App'))
    if not apps:
        yield 'there is no site'
    for name, app in apps:
        own = properties(app)
        headers = sub_text(own.get('CustomHeaders')) or ''
        if "default-src 'none'" not in headers or 'Strict-Transport-Security' not in headers:
            yield f'{name}: its pages may load anything from anywhere (Content-Security-Policy)'
        if name not in branches_of:
            yield f'{name}: has no branch to deploy to'
        if not any(rule.get('Status') == '404' for rule in own.get('CustomRules', [])):
            yield f'{name}: a page that is missing is not said to be (404)'


def check_encrypted(template):
    for name, queue in resources(template, 'AWS::SQS::Queue'):
        if not (properties(queue).get('SqsManagedSseEnabled') or properties(queue).get('KmsMasterKeyId')):
            yield f'{name}: is not encrypted'


def check_outputs(template):
    told = {output.get('Description', '').removeprefix('Meson option ')
            for output in template.get('Outputs', {}).values()}
    for name in sorted({'api', 'socket', 'cognito', 'cognito_client', 'cognito_pool'} - told):
        yield f'no output tells what the application is built with ({name})'


CHECKS = [check_types, check_schedules, check_streams, check_jobs, check_watched, check_site, check_encrypted,
          check_outputs]
