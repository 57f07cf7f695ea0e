# SPDX-License-Identifier: GPL-3.0-or-later
"""Table, buckets, accounts, firewall and money."""
import re
from pathlib import Path

from .template import properties, resources, sub_text, target

SOURCE = Path(__file__).resolve().parents[2] / 'src' / 'cloud'

REST_STAGE = re.compile(r'^arn:\$\{AWS::Partition\}:apigateway:\$\{AWS::Region\}::/restapis/'
                        r'\$\{(\w+)\}/stages/\$\{(\w+)\}$')


# What more of it would cost is told in README.md.
DEFAULTS = {'TrainingHours': 15, 'ChatDailyQuota': 50, 'LogDays': 30}
LARGEST_FUNCTION = 256


def check_table(template):
    for name, table in resources(template, 'AWS::DynamoDB::Table'):
        own = properties(table)
        keys = [(k.get('AttributeName'), k.get('KeyType')) for k in own.get('KeySchema', [])]
        if keys != [('pk', 'HASH'), ('sk', 'RANGE')]:
            yield f'{name}: its key is not pk and sk'
        indexes = {i.get('IndexName'): i for i in own.get('LocalSecondaryIndexes', [])}
        by_seq = indexes.get('bySeq', {})
        keys = [(k.get('AttributeName'), k.get('KeyType')) for k in by_seq.get('KeySchema', [])]
        if keys != [('pk', 'HASH'), ('q', 'RANGE')] or \
                by_seq.get('Projection', {}).get('ProjectionType') != 'ALL':
            yield f'{name}: lacks the local index bySeq (pk, q) with all attributes'
        if own.get('BillingMode') != 'PAY_PER_REQUEST':
            yield f'{name}: is not on demand'
        if own.get('TimeToLiveSpecification') != {'AttributeName': 'ttl', 'Enabled': True}:
            yield f'{name}: nothing expires (ttl)'
        recovery = own.get('PointInTimeRecoverySpecification', {})
        if not recovery.get('PointInTimeRecoveryEnabled') or recovery.get('RecoveryPeriodInDays', 35) != 35:
            yield f'{name}: cannot be restored to any point in time of 35 days'
        if not own.get('DeletionProtectionEnabled'):
            yield f'{name}: is not protected against deletion'
        if not own.get('SSESpecification', {}).get('SSEEnabled'):
            yield f'{name}: is not encrypted with a key of the account'
        if own.get('StreamSpecification', {}).get('StreamViewType') != 'NEW_AND_OLD_IMAGES':
            yield f'{name}: has no stream of new and old images'


def check_buckets(template):
    policies = {target(properties(policy).get('Bucket')): policy
                for _, policy in resources(template, 'AWS::S3::BucketPolicy')}
    for name, bucket in resources(template, 'AWS::S3::Bucket'):
        own = properties(bucket)
        block = own.get('PublicAccessBlockConfiguration', {})
        if not all(block.get(key) is True for key in ('BlockPublicAcls', 'BlockPublicPolicy',
                                                      'IgnorePublicAcls', 'RestrictPublicBuckets')):
            yield f'{name}: could be made public'
        if not own.get('BucketEncryption'):
            yield f'{name}: is not encrypted'
        if own.get('VersioningConfiguration', {}).get('Status') != 'Enabled':
            yield f'{name}: keeps no versions'
        if not own.get('LifecycleConfiguration', {}).get('Rules'):
            yield f'{name}: keeps everything for ever'
        if own.get('AccessControl') or own.get('WebsiteConfiguration'):
            yield f'{name}: has no need of access lists or a web site'
        document = properties(policies.get(name, {})).get('PolicyDocument', {})
        if not any(s.get('Effect') == 'Deny' and s.get('Condition') ==
                   {'Bool': {'aws:SecureTransport': 'false'}} for s in document.get('Statement', [])):
            yield f'{name}: can be reached without encryption'


def check_kept(template):
    """What cannot be made again stays when the stack goes."""
    for name, resource in resources(template, 'AWS::DynamoDB::Table', 'AWS::S3::Bucket',
                                    'AWS::Cognito::UserPool'):
        if (resource.get('DeletionPolicy'), resource.get('UpdateReplacePolicy')) != ('Retain', 'Retain'):
            yield f'{name}: would go together with the stack'


def check_pool(template):
    for name, pool in resources(template, 'AWS::Cognito::UserPool'):
        own = properties(pool)
        if own.get('DeletionProtection') != 'ACTIVE':
            yield f'{name}: is not protected against deletion'
        if own.get('UserPoolTier') == 'LITE':
            yield f'{name}: refresh tokens rotate from the tier ESSENTIALS on'
        if own.get('AdminCreateUserConfig', {}).get('AllowAdminCreateUserOnly') is not False:
            yield f'{name}: nobody could sign up (AllowAdminCreateUserOnly)'
        if own.get('Policies', {}).get('PasswordPolicy', {}).get('MinimumLength', 0) < 8:
            yield f'{name}: takes passwords of less than eight characters'
    for name, client in resources(template, 'AWS::Cognito::UserPoolClient'):
        own = properties(client)
        flows = own.get('ExplicitAuthFlows', [])
        rotation = own.get('RefreshTokenRotation', {})
        if rotation.get('Feature') != 'ENABLED' or rotation.get('RetryGracePeriodSeconds') != 60:
            yield f'{name}: refresh tokens do not rotate with 60 s of grace (RefreshTokenRotation)'
        elif 'ALLOW_REFRESH_TOKEN_AUTH' in flows:
            yield f'{name}: ALLOW_REFRESH_TOKEN_AUTH is refused together with RefreshTokenRotation'
        if 'ALLOW_USER_SRP_AUTH' not in flows or {'ALLOW_USER_PASSWORD_AUTH',
                                                  'ALLOW_ADMIN_USER_PASSWORD_AUTH'} & set(flows):
            yield f'{name}: passwords must not leave the computer (ALLOW_USER_SRP_AUTH alone)'
        if own.get('GenerateSecret'):
            yield f'{name}: an application that is given away cannot keep a secret'
        if own.get('PreventUserExistenceErrors') != 'ENABLED':
            yield f'{name}: tells who has an account (PreventUserExistenceErrors)'
        if not set(own.get('WriteAttributes', ['*'])) <= {'email'}:
            yield f'{name}: people may write more of their account than the address (WriteAttributes)'
        if any('OAuth' in key for key in own):
            yield f'{name}: signs in by SRP alone, not by OAuth'
        units = own.get('TokenValidityUnits', {})
        if (own.get('AccessTokenValidity'), units.get('AccessToken')) != (15, 'minutes'):
            yield f'{name}: access tokens must last 15 minutes'
        if (own.get('RefreshTokenValidity'), units.get('RefreshToken')) != (30, 'days'):
            yield f'{name}: refresh tokens must last 30 days'


def check_firewall(template):
    protected = set()
    for name, association in resources(template, 'AWS::WAFv2::WebACLAssociation'):
        resource = properties(association).get('ResourceArn')
        stage = REST_STAGE.match(sub_text(resource) or '')
        kind = template['Resources'].get(target(resource), {}).get('Type')
        if stage and template['Resources'].get(stage.group(2), {}).get('Type') == 'AWS::ApiGateway::Stage':
            protected.add('stage')
        elif isinstance(resource, dict) and 'Fn::GetAtt' in resource and kind == 'AWS::Cognito::UserPool':
            protected.add('pool')
        else:
            yield f'{name}: a firewall protects a stage of a REST API or a user pool, nothing else here'
    for what in ('stage', 'pool'):
        if what not in protected:
            yield f'the {"REST stage" if what == "stage" else "user pool"} has no firewall'
    for name, acl in resources(template, 'AWS::WAFv2::WebACL'):
        rules = properties(acl).get('Rules', [])
        groups = [r for r in rules if 'ManagedRuleGroupStatement' in r.get('Statement', {})]
        if properties(acl).get('Scope') != 'REGIONAL':
            yield f'{name}: must be regional'
        if (len(groups), len(rules) - len(groups)) != (3, 4):
            yield f'{name}: has {len(rules) - len(groups)} rules and {len(groups)} groups, not 4 and 3'
        if len({r.get('Priority') for r in rules}) != len(rules):
            yield f'{name}: two rules have one priority'
        for rule in rules:
            if ('OverrideAction' in rule) != (rule in groups):
                yield f'{name}/{rule.get("Name")}: groups have OverrideAction, rules Action'
            elif (rule.get('OverrideAction') or rule.get('Action')) != ({'None': {}} if rule in groups else {'Block': {}}):
                yield f'{name}/{rule.get("Name")}: stops nothing'
        if properties(acl).get('DefaultAction') != {'Allow': {}}:
            yield f'{name}: lets nobody in whom no rule names (DefaultAction)'


def check_money(template):
    limits = sorted(properties(b).get('Budget', {}).get('BudgetLimit', {}).get('Amount', 0)
                    for _, b in resources(template, 'AWS::Budgets::Budget'))
    if limits != [25, 50]:
        yield f'there are budgets of {limits}, not of 25 and 50 USD'
    for name, budget in resources(template, 'AWS::Budgets::Budget'):
        if not {'ACTUAL', 'FORECASTED'} <= {n.get('Notification', {}).get('NotificationType') for n in properties(
                budget).get('NotificationsWithSubscribers', []) if n.get('Subscribers')}:
            yield f'{name}: tells nobody of what was spent and what will be'
    parameters = template.get('Parameters', {})
    if parameters.get('CampaignArn', {}).get('Default') != '':
        yield 'CampaignArn: a campaign must be asked for, never a default'
    for name, most in DEFAULTS.items():
        if parameters.get(name, {}).get('Default', most + 1) > most:
            yield f'{name}: more than {most} must be asked for, never a default'
    if parameters.get('WebFirewall', {}).get('Default') != 'on':
        yield 'WebFirewall: to be without it must be asked for'
    for name, _ in resources(template, 'AWS::Personalize::Campaign', 'AWS::Personalize::Recommender',
                             'AWS::Personalize::Solution'):
        yield f'{name}: costs money idle, or trains by itself; the stack makes none'
    for name, function in resources(template, 'AWS::Lambda::Function'):
        if 'ProvisionedConcurrencyConfig' in properties(function):
            yield f'{name}: is paid for while idle'
        if properties(function).get('MemorySize', 128) > LARGEST_FUNCTION:
            yield f'{name}: is paid for {LARGEST_FUNCTION} MB at most; it uses 20'


def check_alarms(template):
    for name, alarm in resources(template, 'AWS::CloudWatch::Alarm'):
        actions = properties(alarm).get('AlarmActions', [])
        if not any(template['Resources'].get(target(a), {}).get('Type') == 'AWS::SNS::Topic'
                   for a in actions):
            yield f'{name}: tells nobody'


def read_metrics(source=SOURCE):
    """Metric -> names of its dimensions, of all that the functions send."""
    text = ''.join(path.read_text() for path in sorted(source.rglob('*.c')))
    found = {name: ['Function'] for name in re.findall(r'rafilm_log_count \("(\w+)"', text)}
    for pair in re.findall(r'rafilm_log_share \("(\w+)", [^"]*"(\w+)"', text):
        found |= {name: [] for name in pair}
    return found | {'Duration': ['Function', 'Route'], 'ServerErrors': ['Function', 'Route']}


def _shown(body):
    """(metric, dimensions) of our namespace in a dashboard: its rows, where "." repeats, and searches."""
    for rows in re.findall(r'"metrics": \[(.*?)\]\}\}', body, re.S):
        before = []
        for row in re.findall(r'\[([^\[\]]*)\]', rows):
            parts = re.findall(r'"([^"]*)"', re.sub(r'\{.*?\}', '', row))
            before = [old if part == '.' else part for part, old in
                      zip(parts, before + [None] * len(parts))] if '...' not in parts else before
            if before and before[0] == 'Rafilm':
                yield before[1], before[2::2]
    for dimensions, metric in re.findall(r"SEARCH\('\{Rafilm,([\w,]+)\} MetricName=\\?\"(\w+)", body):
        yield metric, dimensions.split(',')


def check_metrics(template):
    """What is watched of our own is sent, with these dimensions."""
    sent = read_metrics()
    watched = []
    for name, alarm in resources(template, 'AWS::CloudWatch::Alarm'):
        own = properties(alarm)
        if own.get('Namespace') == 'Rafilm':
            watched.append((name, own.get('MetricName'), [d.get('Name') for d in own.get('Dimensions', [])]))
    for name, dashboard in resources(template, 'AWS::CloudWatch::Dashboard'):
        for metric, dimensions in _shown(sub_text(properties(dashboard).get('DashboardBody')) or ''):
            watched.append((name, metric, dimensions))
    for name, metric, dimensions in watched:
        if metric not in sent:
            yield f'{name}: src/cloud sends no metric {metric}'
        elif dimensions != sent[metric]:
            yield f'{name}: {metric} is sent with the dimensions {sent[metric]}, not {dimensions}'


def check_concurrency(template):
    """Routes have limits; what works behind them, for minutes, needs one of its own."""
    for name, _ in resources(template, 'AWS::Lambda::EventInvokeConfig'):
        worker = target(properties(template['Resources'][name]).get('FunctionName'))
        function = template['Resources'].get(worker)
        if function and 'ReservedConcurrentExecutions' not in properties(function):
            yield f'{worker}: any number of it may run at once (ReservedConcurrentExecutions)'


CHECKS = [check_table, check_buckets, check_kept, check_pool, check_firewall, check_money, check_alarms,
          check_metrics, check_concurrency]
