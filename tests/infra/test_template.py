#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The template is in order, and each fault that is planted in it is found by its own message."""
import copy
import json
import tempfile
import unittest
import unittest.mock
from pathlib import Path

import infra_tap
import yaml

from validate import CHECKS, TEMPLATE, validate
from validation import training
from validation.functions import read_handlers, read_variables
from validation.routes import REST_PARTS, SOCKET_PARTS, digest
from validation.template import branches, parse, references, sub_text, target

TEXT = TEMPLATE.read_text()
PARSED = parse(TEXT)


def of(name, *path):
    return ('Resources', name, 'Properties', *path)


def put(*path, value):
    def change(template):
        node = template
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value
    return change


def drop(*path):
    def change(template):
        node = template
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]
    return change


def add(name, kind, **properties):
    return put('Resources', name, value={'Type': kind, 'Properties': properties})


def statement(role, sid, **members):
    """Changes members of one statement of a role."""
    def change(template):
        policy = template['Resources'][role]['Properties']['Policies'][0]
        for entry in policy['PolicyDocument']['Statement']:
            for side in branches(entry):
                if side['Sid'] == sid:
                    for member, value in members.items():
                        if value is None:
                            del side[member]
                        else:
                            side[member] = value
                    return
        raise KeyError(sid)
    return change


def drop_statement(role, sid):
    def change(template):
        document = template['Resources'][role]['Properties']['Policies'][0]['PolicyDocument']
        kept = [s for s in document['Statement'] if s.get('Sid') != sid]
        assert len(kept) < len(document['Statement'])
        document['Statement'] = kept
    return change


TEXT_OF_DASHBOARD = PARSED['Resources']['Dashboard']['Properties']['DashboardBody']['Fn::Sub'][0]
API = {'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}::/apis/${SocketApi}/stages/${SocketStage}'}

# Name, change, and what the message must say.
PLANTED = [
    ('a Ref to nothing', put(*of('RestApi', 'Name'), value={'Ref': 'Nothing'}), 'RestApi: there is no Nothing'),
    ('a GetAtt of nothing', put(*of('RestApi', 'Name'), value={'Fn::GetAtt': ['Table', 'Name']}),
     'has no attribute Name'),
    ('a Sub of nothing', put(*of('RestApi', 'Name'), value={'Fn::Sub': 'a-${Nowhere}'}), 'there is no Nowhere'),
    ('DependsOn nothing', put('Resources', 'RestStage', 'DependsOn', value='Ghost'), 'no Ghost to depend on'),
    ('no such condition', put('Resources', 'RestFirewall', 'Condition', value='Sometimes'),
     'no condition Sometimes'),
    ('an idle condition', put('Conditions', 'Never', value={'Fn::Equals': ['a', 'b']}),
     'condition Never is used nowhere'),
    ('an idle parameter', put('Parameters', 'Spare', value={'Type': 'String'}), 'parameter Spare is used nowhere'),
    ('an unconditional user', drop('Resources', 'RestFirewall', 'Condition'),
     'Firewall is there only if HasFirewall'),
    ('a broken dashboard', put(*of('Dashboard', 'DashboardBody'), value={'Fn::Sub': '{"widgets": ['}),
     'DashboardBody is no JSON'),
    ('a broken log format', put(*of('RestStage', 'AccessLogSetting', 'Format'), value='{"id": $context.x y}'),
     'AccessLogSetting is no JSON'),

    ('an action too wide', statement('SyncRole', 'ReadFeed', Action='dynamodb:*'),
     'SyncRole/ReadFeed: the action dynamodb:* could be narrower'),
    ('a resource too wide', statement('FilmsRole', 'ReadTmdbKey', Resource='*'),
     'FilmsRole/ReadTmdbKey: the resource * could be narrower'),
    ('all indexes', statement('SyncRole', 'ReadFeed', Resource={'Fn::Sub': '${Table.Arn}/index/*'}),
     'the resource ${Table.Arn}/index/* could be narrower'),
    ('all parameters', statement('FilmsRole', 'ReadTmdbKey', Resource={
        'Fn::Sub': 'arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/*'}), 'could be narrower'),
    ('all but one action', statement('FilmsRole', 'ReadTmdbKey', NotAction='ssm:PutParameter'),
     'allows all but something'),
    ('a scan', statement('SyncRole', 'ReadFeed', Action=['dynamodb:Scan']), 'no function needs dynamodb:Scan'),
    ('no resource', statement('SyncRole', 'ReadFeed', Resource=None), 'no resource is named'),
    ('all keys', statement('FilmsRole', 'UseCache', Condition=None), 'the table is open for all keys'),
    ('any key', statement('FilmsRole', 'UseCache', Condition={
        'ForAllValues:StringLike': {'dynamodb:LeadingKeys': ['*']}}), 'the leading key * is no single kind'),
    ('models everywhere', statement('ChatWorkerRole', 'StreamModelOfProfile', Condition=None),
     'need the condition bedrock:InferenceProfileArn'),
    ('only the own table', statement('SyncRole', 'ReadWriteDiary', Resource={'Fn::GetAtt': ['Table', 'Arn']}),
     'SyncRole/ReadWriteDiary: a restored table could not be used'),
    ('a role for anybody', put(*of('SyncRole', 'AssumeRolePolicyDocument', 'Statement', 0, 'Principal'), value='*'),
     'SyncRole: must be assumed by exactly one service'),
    ('a managed policy', put(*of('SyncRole', 'ManagedPolicyArns'), value=[
        'arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess']), 'AmazonDynamoDBFullAccess grants more than is used'),
    ('a user', add('Operator', 'AWS::IAM::User'), 'Operator: policies stand in the role'),
    ('a public bucket policy', put(*of('BackupBucketPolicy', 'PolicyDocument', 'Statement', 0, 'Effect'),
                                   value='Allow'), 'BackupBucketPolicy: allows everybody'),
    ('any API may call', drop(*of('SyncPermission', 'SourceArn')), 'SyncPermission: whoever uses the service'),
    ("another's API may call", put(*of('SyncPermission', 'SourceArn'), value='arn:aws:execute-api:x:1:abc/*'),
     'SourceArn names no API of ours'),
    ('an address of its own', add('SyncUrl', 'AWS::Lambda::Url', AuthType='NONE'),
     'SyncUrl: a function with an address of its own'),

    ('an invented handler', put(*of('SyncFunction', 'Handler'), value='profile'), 'no handler profile'),
    ('a handler twice', put(*of('SyncFunction', 'Handler'), value='films'), 'has the handler films already'),
    ('a handler left out', drop('Resources', 'RecommendationsFunction'), 'there is no RecommendationsFunction'),
    ('a shared role', put(*of('FilmsFunction', 'Role'), value={'Fn::GetAtt': ['SyncRole', 'Arn']}),
     'shares its role with'),
    ('no role', put(*of('FilmsFunction', 'Role'), value='arn:aws:iam::1:role/any'), 'FilmsFunction: has no role'),
    ('no log group', drop(*of('FilmsFunction', 'LoggingConfig')), 'FilmsFunction: has no log group'),
    ('logs for ever', drop(*of('FilmsLog', 'RetentionInDays')), 'FilmsLog: logs are kept for ever'),
    ('another runtime', put(*of('FilmsFunction', 'Runtime'), value='nodejs24.x'), 'needs the runtime'),
    ('other code', put(*of('FilmsFunction', 'Code'), value='films.zip'), 'is not what build-aux/dev package makes'),
    ('an unread variable', put(*of('FilmsFunction', 'Environment', 'Variables', 'RAFILM_DEBUG'), value='1'),
     'src/cloud reads no RAFILM_DEBUG'),
    ('an unset variable', drop(*of('ChatFunction', 'Environment', 'Variables', 'RAFILM_CHAT_DAILY_QUOTA')),
     'no function is told RAFILM_CHAT_DAILY_QUOTA'),
    ('a right without its variable', drop(*of('FilmsFunction', 'Environment', 'Variables', 'RAFILM_TABLE')),
     'FilmsFunction: may use dynamodb, but is not told RAFILM_TABLE'),
    ('a variable without its right', drop_statement('FilmsRole', 'ReadTmdbKey'),
     'is told RAFILM_TMDB_KEY_PARAMETER, but may not use ssm'),
    ('a route too slow', put(*of('SyncFunction', 'Timeout'), value=60), 'API Gateway waits for 29 s'),

    ('an authorizer of HTTP APIs', put(*of('RestAuthorizer', 'Type'), value='JWT'), 'COGNITO_USER_POOLS'),
    ('no pool', drop(*of('RestAuthorizer', 'ProviderARNs')), 'RestAuthorizer: names no pool'),
    ('a misspelt authorizer', put(*of('SocketAuthorizer', 'AuthorizerType'), value='JWTX'),
     'authorizers of the type REQUEST only'),
    ('a token in the address', put(*of('SocketAuthorizer', 'IdentitySource'), value=[
        'route.request.querystring.token']), 'never in the address'),
    ('an open route', put(*of('SyncMethod', 'AuthorizationType'), value='NONE'),
     'SyncMethod: POST /v1/sync is open to everybody'),
    ('identity tokens', drop(*of('RecommendationsMethod', 'AuthorizationScopes')), 'takes identity tokens too'),
    ('an open socket', put(*of('ConnectRoute', 'AuthorizationType'), value='NONE'), 'anybody may open a WebSocket'),
    ('a route nobody may call', drop('Resources', 'SyncPermission'),
     'API Gateway may not call SyncFunction for POST /v1/sync'),
    ('a message nobody may take', drop('Resources', 'ChatStopPermission'),
     'API Gateway may not call ChatFunction for chat.stop'),
    ('a route to nowhere', put(*of('PingRoute', 'Target'), value='integrations/none'), 'PingRoute: leads nowhere'),
    ('a route without limit', put(*of('RestStage', 'MethodSettings'), value=[]),
     'GET /v1/films/search has no limit of its own'),
    ('bodies in logs', put(*of('RestStage', 'MethodSettings', 0, 'DataTraceEnabled'), value=True),
     'bodies would be logged'),
    ('messages in logs', put(*of('SocketStage', 'DefaultRouteSettings', 'DataTraceEnabled'), value=True),
     'SocketStage: bodies would be logged'),
    ('addresses in logs', put(*of('SocketStage', 'AccessLogSettings', 'Format'),
                              value='{"from":"$context.identity.sourceIp"}'), 'would tell who asks for what'),
    ('no access log', drop(*of('RestStage', 'AccessLogSetting')), 'RestStage: has no access log'),
    ('a change not deployed', put(*of('TooLargeAnswer', 'StatusCode'), value='400'),
     'the API has changed; name its deployment RestDeployment'),
    ('a deployment too early', put('Resources', next(n for n in parse(TEXT)['Resources'] if n.startswith(
        'SocketDeployment')), 'DependsOn', value=[]), 'could be made before ChatRoute'),

    ('no index', drop(*of('Table', 'LocalSecondaryIndexes')), 'lacks the local index bySeq'),
    ('a key of another name', put(*of('Table', 'KeySchema', 0, 'AttributeName'), value='id'), 'not pk and sk'),
    ('provisioned', put(*of('Table', 'BillingMode'), value='PROVISIONED'), 'is not on demand'),
    ('nothing expires', put(*of('Table', 'TimeToLiveSpecification', 'Enabled'), value=False), 'nothing expires'),
    ('no recovery', drop(*of('Table', 'PointInTimeRecoverySpecification')), 'cannot be restored'),
    ('a table to delete', put(*of('Table', 'DeletionProtectionEnabled'), value=False),
     'Table: is not protected against deletion'),
    ('a plain table', drop(*of('Table', 'SSESpecification')), 'Table: is not encrypted'),
    ('no stream', drop(*of('Table', 'StreamSpecification')), 'has no stream'),
    ('a table that goes', put('Resources', 'Table', 'DeletionPolicy', value='Delete'),
     'would go together with the stack'),
    ('a public bucket', put(*of('TakeoutBucket', 'PublicAccessBlockConfiguration', 'BlockPublicPolicy'),
                            value=False), 'TakeoutBucket: could be made public'),
    ('a plain bucket', drop(*of('TakeoutBucket', 'BucketEncryption')), 'TakeoutBucket: is not encrypted'),
    ('a bucket without versions', drop(*of('TakeoutBucket', 'VersioningConfiguration')), 'keeps no versions'),
    ('a bucket that only grows', drop(*of('TakeoutBucket', 'LifecycleConfiguration')), 'keeps everything for ever'),
    ('a bucket over plain HTTP', drop('Resources', 'TakeoutBucketPolicy'), 'can be reached without encryption'),
    ('an open bucket', put(*of('TakeoutBucket', 'AccessControl'), value='PublicRead'), 'no need of access lists'),

    ('a pool to delete', drop(*of('UserPool', 'DeletionProtection')), 'UserPool: is not protected'),
    ('a pool too small', put(*of('UserPool', 'UserPoolTier'), value='LITE'), 'from the tier ESSENTIALS on'),
    ('no rotation', drop(*of('UserPoolClient', 'RefreshTokenRotation')), 'do not rotate'),
    ('rotation and its enemy', put(*of('UserPoolClient', 'ExplicitAuthFlows'), value=[
        'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']), 'ALLOW_REFRESH_TOKEN_AUTH is refused'),
    ('passwords in the open', put(*of('UserPoolClient', 'ExplicitAuthFlows'), value=[
        'ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH']), 'passwords must not leave'),
    ('a secret', put(*of('UserPoolClient', 'GenerateSecret'), value=True), 'cannot keep a secret'),
    ('accounts told', drop(*of('UserPoolClient', 'PreventUserExistenceErrors')), 'tells who has an account'),
    ('long tokens', put(*of('UserPoolClient', 'AccessTokenValidity'), value=60), 'must last 15 minutes'),
    ('short sessions', put(*of('UserPoolClient', 'TokenValidityUnits', 'RefreshToken'), value='hours'),
     'must last 30 days'),

    ('a firewall on a WebSocket API', put(*of('RestFirewall', 'ResourceArn'), value=API),
     'RestFirewall: a firewall protects a stage of a REST API or a user pool'),
    ('a pool unprotected', drop('Resources', 'PoolFirewall'), 'the user pool has no firewall'),
    ('a firewall elsewhere', put(*of('Firewall', 'Scope'), value='CLOUDFRONT'), 'must be regional'),
    ('a rule less', lambda t: t['Resources']['Firewall']['Properties']['Rules'].pop(0), 'has 3 rules and 3 groups'),
    ('two of one priority', put(*of('Firewall', 'Rules', 1, 'Priority'), value=0), 'two rules have one priority'),
    ('a group that acts', lambda t: t['Resources']['Firewall']['Properties']['Rules'][4].pop('OverrideAction'),
     'groups have OverrideAction'),
    ('no budget', drop('Resources', 'Budget50'), 'budgets of [25]'),
    ('a campaign by default', put('Parameters', 'CampaignArn', 'Default', value='arn:aws:personalize:x'),
     'a campaign must be asked for'),
    ('a solution', add('Solution', 'AWS::Personalize::Solution', Name='s'), 'Solution: costs money idle'),
    ('a metric that is not sent', put(*of('ChatTokensAlarm', 'MetricName'), value='ChatTokens'),
     'ChatTokensAlarm: src/cloud sends no metric ChatTokens'),
    ('a metric without its dimensions', drop(*of('ChatTokensAlarm', 'Dimensions')),
     "ChatOutputTokens is sent with the dimensions ['Function'], not []"),
    ('a metric that nobody sees', lambda t: t['Resources']['Dashboard']['Properties']['DashboardBody'][
        'Fn::Sub'].__setitem__(0, TEXT_OF_DASHBOARD.replace('TmdbCached', 'TmdbHits')),
     'Dashboard: src/cloud sends no metric TmdbHits'),
    ('a worker without a limit', drop(*of('AccountWorkerFunction', 'ReservedConcurrentExecutions')),
     'AccountWorkerFunction: any number of it may run at once'),
    ('an alarm for nobody', put(*of('SyncFailuresAlarm', 'AlarmActions'), value=[]), 'SyncFailuresAlarm: tells nobody'),

    ('a scan of everything', statement('TrainingExportRole', 'FindAccounts', Condition=None), 'no function needs dynamodb:Scan'),
    ('a scan of words', statement('TrainingExportRole', 'FindAccounts', Condition={
        'ForAllValues:StringEquals': {'dynamodb:Attributes': ['pk', 'f']},
        'StringEquals': {'dynamodb:Select': 'SPECIFIC_ATTRIBUTES'}}), 'no function needs dynamodb:Scan'),
    ('all attributes by naming none', statement('TrainingExportRole', 'ReadViewings', Condition={
        'ForAllValues:StringLike': {'dynamodb:LeadingKeys': ['U#*']},
        'ForAllValues:StringEquals': {'dynamodb:Attributes': ['pk', 'f']}}), 'who names no attributes gets all of them'),
    ('a condition that is never met', statement('FilmsRole', 'UseCache', Condition={
        'ForAllValues:StringLike': {'dynamodb:LeadingKeys': ['T#*']},
        'StringEquals': {'dynamodb:Select': 'SPECIFIC_ATTRIBUTES'}}), 'films.c never says what it selects'),
    ('a scan and more', statement('TrainingExportRole', 'FindAccounts', Action=['dynamodb:Scan', 'dynamodb:GetItem']),
     'no function needs dynamodb:Scan'),
    ('all solutions', statement('TrainingMachineRole', 'Train', Resource={
        'Fn::Sub': 'arn:${AWS::Partition}:personalize:${AWS::Region}:${AWS::AccountId}:solution/*'}), 'could be narrower'),
    ("another stage's imports", statement('TrainingMachineRole', 'Import', Resource={
        'Fn::Sub': 'arn:${AWS::Partition}:personalize:${AWS::Region}:${AWS::AccountId}:dataset-import-job/rafilm-*'}),
     'could be narrower'),
    ('all of Personalize', statement('TrainingMachineRole', 'Rank', Action='personalize:*'), 'could be narrower'),
    ('all executions', statement('TrainingMachineRole', 'SeeOtherRuns', Resource={
        'Fn::Sub': 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*'}), 'could be narrower'),
    ('a right of no use', statement('TrainingMachineRole', 'Rank', Action=[
        'personalize:CreateBatchInferenceJob', 'personalize:DescribeBatchInferenceJob', 'personalize:CreateCampaign']),
     'TrainingMachine: personalize:CreateCampaign is granted or used'),
    ('a call without its right', drop_statement('TrainingMachineRole', 'SeeOtherRuns'),
     'states:DescribeExecution is granted or used'),
    ('a function that may not be called', statement('TrainingMachineRole', 'CallFunctions', Resource=[
        {'Fn::GetAtt': ['TrainingGuardFunction', 'Arn']}]), 'TrainingLoadFunction is called or may be called'),
    ('a role to lend', statement('TrainingMachineRole', 'LendRole', Condition=None), 'iam:PassedToService'),
    ('an express workflow', put(*of('TrainingMachine', 'StateMachineType'), value='EXPRESS'), 'ends after five minutes'),
    ('no definition', put(*of('TrainingMachine', 'DefinitionS3Location'), value='nowhere.json'), 'has no definition'),
    ('a name not given', drop(*of('TrainingMachine', 'DefinitionSubstitutions', 'RecipeArn')),
     'the substitution RecipeArn is given or used'),
    ('a name not used', put(*of('TrainingMachine', 'DefinitionSubstitutions', 'Spare'), value='x'), 'the substitution Spare'),
    ('a start forgotten', drop(*of('TrainingSchedule', 'Target', 'DeadLetterConfig')), 'would be forgotten'),
    ('a machine that nobody starts', drop('Resources', 'TrainingSchedule'), 'TrainingMachine: nothing starts it'),
    ('a schedule that may start all', statement('TrainingScheduleRole', 'StartTraining', Resource=[
        {'Ref': 'TrainingMachine'}, {'Ref': 'TrainingData'}]), 'may start other state machines'),
    ("another account's data", drop(*of('TrainingDataRole', 'AssumeRolePolicyDocument', 'Statement', 0, 'Condition')),
     'TrainingDataRole: personalize.amazonaws.com could act for another account'),
    ('a file that lets anybody in', drop(*of('TrainingBucketPolicy', 'PolicyDocument', 'Statement', 1, 'Fn::If', 1, 'Condition')),
     'TrainingBucketPolicy: personalize.amazonaws.com could act'),
    ('a tracker without its function', drop(*of('TrackerFunction', 'Environment', 'Variables', 'RAFILM_EVENT_TRACKER')),
     'may use personalize:PutEvents, but is not told RAFILM_EVENT_TRACKER'),
    ('a firewall that lets all in', put(*of('Firewall', 'Rules', 0, 'Action'), value={'Count': {}}),
     'Firewall/each-address: stops nothing'),
    ('a group that only counts', put(*of('Firewall', 'Rules', 4, 'OverrideAction'), value={'Count': {}}),
     'Firewall/bad-addresses: stops nothing'),
    ('a firewall that lets none in', put(*of('Firewall', 'DefaultAction'), value={'Block': {}}), 'lets nobody in'),
    ('half a stream', put(*of('Table', 'StreamSpecification', 'StreamViewType'), value='KEYS_ONLY'), 'new and old images'),
    ('a day of recovery', put(*of('Table', 'PointInTimeRecoverySpecification', 'RecoveryPeriodInDays'), value=1), '35 days'),
    ('nobody signs up', put(*of('UserPool', 'AdminCreateUserConfig', 'AllowAdminCreateUserOnly'), value=True),
     'nobody could sign up'),
    ('short passwords', put(*of('UserPool', 'Policies', 'PasswordPolicy', 'MinimumLength'), value=4),
     'less than eight characters'),
    ('people who make themselves admin', put(*of('UserPoolClient', 'WriteAttributes'), value=['email', 'custom:role']),
     'may write more of their account'),
    ('tokens in addresses', put(*of('UserPoolClient', 'AllowedOAuthFlows'), value=['implicit']), 'not by OAuth'),
    ('a budget for nobody', put(*of('Budget50', 'NotificationsWithSubscribers'), value=[]), 'Budget50: tells nobody'),
    ('a hundred hours by default', put('Parameters', 'TrainingHours', 'Default', value=100),
     'TrainingHours: more than 15 must be asked for'),
    ('no firewall by default', put('Parameters', 'WebFirewall', 'Default', value='off'), 'to be without it must be asked for'),
    ('a function of ten gigabytes', put(*of('FilmsFunction', 'MemorySize'), value=10240), 'is paid for 256 MB at most'),
    ('a function of another processor', put(*of('FilmsFunction', 'Architectures'), value=['arm64']), 'on what was built'),
    ('a queue for everybody', add('Post', 'AWS::SQS::QueuePolicy', PolicyDocument={'Statement': [
        {'Effect': 'Allow', 'Principal': {'AWS': ['*']}, 'Action': 'sqs:SendMessage', 'Resource': '*'}]}),
     'Post: allows everybody'),
    ('everybody but one', put(*of('AlarmTopicPolicy', 'PolicyDocument', 'Statement', 0, 'NotPrincipal'), value={'AWS': '1'}),
     'AlarmTopicPolicy: allows everybody'),
    ('any route may call', put(*of('SyncPermission', 'SourceArn'), value={
        'Fn::Sub': 'arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestApi}/*'}),
     'SyncPermission: SourceArn could name a route'),
    ('anybody may call', put(*of('SyncPermission', 'Principal'), value='*'), 'only API Gateway calls functions'),
    ('tokens nobody may check', put(*of('SocketAuthorizerPermission', 'FunctionName'), value={'Ref': 'FilmsFunction'}),
     'API Gateway may not call AuthorizerFunction to check tokens'),
    ('no limit worth the name', put(*of('RestStage', 'MethodSettings', 1, 'ThrottlingRateLimit'), value=100000),
     'may be asked more than 100 times a second'),
    ('a plain refusal', drop(*of('OtherRefusalAnswer', 'ResponseParameters')), 'OtherRefusalAnswer: is no problem'),
    ('a refusal without a code', put(*of('ThrottledAnswer', 'ResponseTemplates', 'application/json'), value='{"status":429}'),
     'ThrottledAnswer: its body has no code'),
    ('a refusal of the batch', put(*of('OtherRefusalAnswer', 'StatusCode'), value='400'), 'a gateway must not say it'),
    ('a refusal left out', put(*of('OtherFailureAnswer', 'ResponseType'), value='AUTHORIZER_FAILURE'),
     'answers DEFAULT_5XX in a form of its own'),
    ('something new', add('Gate', 'AWS::EC2::NatGateway', SubnetId='s'), 'AWS::EC2::NatGateway is not known here'),
    ('backups turned off', put(*of('BackupSchedule', 'State'), value='DISABLED'), 'BackupSchedule: is turned off'),
    ('no backups', drop('Resources', 'BackupSchedule'), 'no schedule starts export'),
    ('no sweeper', drop('Resources', 'SweepSchedule'), 'no schedule starts account-worker'),
    ('an export that cannot write', statement('BackupRole', 'WriteExport', Action=['s3:PutObject']),
     'its role may not export (s3:AbortMultipartUpload, s3:PutObjectAcl)'),
    ('a sweeper that may not sweep', put(*of('SweepSchedule', 'Target', 'RoleArn'), value={'Fn::GetAtt': ['BackupRole', 'Arn']}),
     'SweepSchedule: its role may not call AccountWorkerFunction'),
    ('a training that may not start', put(*of('TrainingSchedule', 'Target', 'RoleArn'), value={
        'Fn::GetAtt': ['SweepRole', 'Arn']}), 'its role may not start TrainingMachine'),
    ('a stream nobody follows', drop('Resources', 'PublisherMapping'), "the stream is followed by ['interactions']"),
    ('a stream of another function', put(*of('PublisherMapping', 'FunctionName'), value={'Ref': 'FilmsFunction'}),
     'PublisherMapping: its function may not read the stream'),
    ('a stream that gives up', put(*of('PublisherMapping', 'MaximumRetryAttempts'), value=3), 'would stay public'),
    ('a batch for a record', drop(*of('PublisherMapping', 'FunctionResponseTypes')), 'all of its batch again'),
    ('a worker by chance', drop('Resources', 'AccountWorkerInvocations'), 'AccountWorkerFunction: how often it is tried'),
    ('an alarm less', drop('Resources', 'SyncFailuresAlarm'), 'no alarm watches Errors of sync'),
    ('an alarm that never rings', put(*of('RestFailuresAlarm', 'Dimensions', 0, 'Name'), value='Api'),
     "RestFailuresAlarm: AWS/ApiGateway has no metrics by ['Api', 'Stage']"),
    ('no dashboard', drop('Resources', 'Dashboard'), 'there is no dashboard'),
    ('pages that load anything', drop(*of('Site', 'CustomHeaders')), 'may load anything'),
    ('a site without a branch', drop('Resources', 'SiteBranch'), 'Site: has no branch'),
    ('pages that are never missing', put(*of('Site', 'CustomRules', 2, 'Status'), value='404-200'), 'is not said to be'),
    ('a plain queue', drop(*of('TrainingDeadLetters', 'SqsManagedSseEnabled')), 'TrainingDeadLetters: is not encrypted'),
    ('an output less', drop('Outputs', 'Api'), 'what the application is built with (api)'),
    ('a part of the training alone', put('Resources', 'TrainingGuardFunction', 'Condition', value='HasEmail'),
     'TrainingGuardRole is there only if Trains'),
]


class TemplateTest(unittest.TestCase):
    def test_is_in_order(self):
        self.assertEqual(validate(parse(TEXT)), [])

    def test_every_check_finds_something(self):
        """A check that none of the planted faults sets off might as well not be there."""
        silent = set(CHECKS)
        for _, change, _ in PLANTED:
            template = copy.deepcopy(PARSED)
            change(template)
            silent -= {check for check in silent if list(check(template))}
        self.assertEqual({check.__name__ for check in silent}, set())

    def test_deployment_follows_the_api(self):
        template = parse(TEXT)
        before = digest(template, REST_PARTS), digest(template, SOCKET_PARTS)
        template['Resources']['RestStage']['Properties']['StageName'] = 'other'
        self.assertEqual(before, (digest(template, REST_PARTS), digest(template, SOCKET_PARTS)))
        template['Resources']['ChatRoute']['Properties']['RouteKey'] = 'talk'
        self.assertEqual(before[0], digest(template, REST_PARTS))
        self.assertNotEqual(before[1], digest(template, SOCKET_PARTS))

    def test_outputs_are_what_the_app_is_built_with(self):
        options = (infra_tap.TOP / 'meson.options').read_text()
        outputs = parse(TEXT)['Outputs'].values()
        told = {o['Description'].removeprefix('Meson option ') for o in outputs
                if o['Description'].startswith('Meson option ')}
        self.assertEqual(told, {'api', 'socket', 'cognito', 'cognito_client', 'cognito_pool'})
        for name in told:
            self.assertIn(f"option('{name}'", options)


class DefinitionTest(unittest.TestCase):
    """Faults in the state machine's file."""

    def found(self, change):
        definition = json.loads((training.FOLDER / 'training.asl.json').read_text())
        change(definition['States'])
        with tempfile.TemporaryDirectory() as folder, unittest.mock.patch.object(training, 'FOLDER', Path(folder)):
            (Path(folder) / 'training.asl.json').write_text(json.dumps(definition))
            return list(validate(parse(TEXT)))

    def test_planted(self):
        for change, message in (
                (lambda s: s['Import'].pop('TimeoutSeconds'), 'TrainingMachine/Import: may hang'),
                (lambda s: s['Load'].pop('Catch'), 'TrainingMachine/Load: may hang, or end the run untidily'),
                (lambda s: s['CreateSolution']['Parameters'].pop('PerformAutoTraining'), 'would train by itself'),
                (lambda s: s['Train'].update(Resource=s['Train']['Resource'].replace('SolutionVersion', 'Campaign')),
                 'personalize:CreateCampaign is granted or used'),
                (lambda s: s.clear(), 'has no definition')):
            self.assertTrue(any(message in fault for fault in self.found(change)), message)
        self.assertEqual(self.found(lambda s: None), [])


class ReadingTest(unittest.TestCase):
    def test_short_forms(self):
        template = parse('a: !GetAtt T.Arn\nb: !Sub "x-${T}"\nc: !If [C, !Ref A, !Ref AWS::NoValue]')
        self.assertEqual(template['a'], {'Fn::GetAtt': ['T', 'Arn']})
        self.assertEqual(target(template['b']), 'T')
        self.assertEqual(list(branches(template['c'])), [{'Ref': 'A'}])

    def test_a_name_that_stands_twice(self):
        with self.assertRaises(yaml.YAMLError):
            parse('Resources:\n  A: 1\n  A: 2\n')

    def test_dates_are_texts(self):
        self.assertEqual(parse('Version: 2012-10-17'), {'Version': '2012-10-17'})

    def test_names_of_a_sub(self):
        found = list(references({'Fn::Sub': ['${A}-${B.Arn}-${C}-${!D}', {'C': {'Ref': 'E'}}]}))
        self.assertEqual(sorted(found), [('A', None), ('B', 'Arn'), ('E', None)])
        self.assertEqual(sub_text({'Fn::Sub': 'x'}), 'x')

    def test_source(self):
        self.assertIn('sync', read_handlers())
        self.assertIn('RAFILM_TABLE', read_variables())


class PlantedTest(unittest.TestCase):
    """One method for each planted fault, made below."""


def _make_case(change, message):
    def case(self):
        template = copy.deepcopy(PARSED)
        change(template)
        faults = validate(template)
        self.assertTrue(any(message in fault for fault in faults), f'no "{message}" in {faults}')
    return case


for _name, _change, _message in PLANTED:
    setattr(PlantedTest, 'test_' + _name.replace(' ', '_'), _make_case(_change, _message))

if __name__ == '__main__':
    infra_tap.run()
