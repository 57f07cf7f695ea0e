# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of both APIs: who may ask, how often, what is logged, and that changes are deployed."""
import hashlib
import json
import re

from .template import as_list, properties, resources, sub_text, target

PUBLIC_ROUTES = {
    'GET /v1/films', 'GET /v1/films/{id}', 'GET /v1/films/search', 'GET /v1/films/trending',
    'GET /v1/films/discover', 'GET /v1/films/{id}/reviews', 'GET /v1/people/{handle}/reviews',
}
SCOPE = 'aws.cognito.signin.user.admin'
# Of a person, or of what they ask for.
PRIVATE_CONTEXT = re.compile(r'\$context\.(identity|authorizer|path\b|customDomain|requestOverride)')

FUNCTION = re.compile(r'functions/\$\{(\w+)\.Arn\}/invocations')
MOST_A_SECOND = 100

REST_PARTS = ('AWS::ApiGateway::RestApi', 'AWS::ApiGateway::Resource', 'AWS::ApiGateway::Method',
              'AWS::ApiGateway::Authorizer', 'AWS::ApiGateway::GatewayResponse')
SOCKET_PARTS = ('AWS::ApiGatewayV2::Api', 'AWS::ApiGatewayV2::Authorizer',
                'AWS::ApiGatewayV2::Route', 'AWS::ApiGatewayV2::Integration')


def path_of(template, name):
    """Path of a resource of the REST API."""
    parts = []
    while name in template['Resources'] and \
            template['Resources'][name]['Type'] == 'AWS::ApiGateway::Resource':
        own = properties(template['Resources'][name])
        parts.insert(0, own['PathPart'])
        name = target(own['ParentId'])
    return '/' + '/'.join(parts)


def methods(template):
    """(name, "GET /v1/films", properties)"""
    for name, method in resources(template, 'AWS::ApiGateway::Method'):
        own = properties(method)
        yield name, f'{own["HttpMethod"]} {path_of(template, target(own["ResourceId"]))}', own


def integration_target(own):
    found = FUNCTION.search(sub_text(own.get('Uri')) or sub_text(own.get('IntegrationUri')) or '')
    return found.group(1) if found else None


def check_authorizers(template):
    for name, authorizer in resources(template, 'AWS::ApiGateway::Authorizer'):
        if properties(authorizer).get('Type') != 'COGNITO_USER_POOLS':
            yield f'{name}: the REST API asks the pool (COGNITO_USER_POOLS)'
        if not properties(authorizer).get('ProviderARNs'):
            yield f'{name}: names no pool'
    for name, authorizer in resources(template, 'AWS::ApiGatewayV2::Authorizer'):
        if properties(authorizer).get('AuthorizerType') != 'REQUEST':
            yield f'{name}: a WebSocket API has authorizers of the type REQUEST only'
        if properties(authorizer).get('IdentitySource') != ['route.request.header.Authorization']:
            yield f'{name}: the token comes in the header Authorization, never in the address'


def check_methods(template):
    for name, route, own in methods(template):
        if route in PUBLIC_ROUTES:
            continue
        if own.get('AuthorizationType') != 'COGNITO_USER_POOLS' or not own.get('AuthorizerId'):
            yield f'{name}: {route} is open to everybody'
        elif own.get('AuthorizationScopes') != [SCOPE]:
            yield f'{name}: {route} takes identity tokens too (AuthorizationScopes)'
    connect = False
    for name, route in resources(template, 'AWS::ApiGatewayV2::Route'):
        own = properties(route)
        if own.get('RouteKey') == '$connect':
            connect = True
            if own.get('AuthorizationType') != 'CUSTOM' or not own.get('AuthorizerId'):
                yield f'{name}: anybody may open a WebSocket'
    if not connect and any(resources(template, 'AWS::ApiGatewayV2::Api')):
        yield 'the WebSocket API has no route $connect, where tokens are asked for'


def check_permissions(template):
    """Each function that a route calls lets the API call it, for that route."""
    sources = {}
    for _, permission in resources(template, 'AWS::Lambda::Permission'):
        own = properties(permission)
        sources.setdefault(target(own.get('FunctionName')), []).append(sub_text(own.get('SourceArn')) or '')
    for name, route, own in methods(template):
        function = integration_target(own.get('Integration', {}))
        method, path = route.split(' ')
        wanted = '${RestApi}/${StageName}/' + method + re.sub(r'\{\w+\}', '*', path)
        if not any(source.endswith(wanted) or (source.endswith('/*') and wanted.startswith(
                source[source.index('${RestApi}'):-1])) for source in sources.get(function, [])
                if '${RestApi}' in source):
            yield f'{name}: API Gateway may not call {function} for {route}'
    for name, route in resources(template, 'AWS::ApiGatewayV2::Route'):
        own = properties(route)
        found = re.search(r'integrations/\$\{(\w+)\}', sub_text(own.get('Target')) or '')
        integration = template['Resources'].get(found.group(1) if found else None)
        if integration is None:
            yield f'{name}: leads nowhere'
            continue
        function = integration_target(properties(integration))
        if not any(source.endswith('${SocketApi}/${StageName}/' + own['RouteKey'])
                   for source in sources.get(function, [])):
            yield f'{name}: API Gateway may not call {function} for {own["RouteKey"]}'
    for name, authorizer in resources(template, 'AWS::ApiGatewayV2::Authorizer'):
        found = FUNCTION.search(sub_text(properties(authorizer).get('AuthorizerUri')) or '')
        function = found.group(1) if found else None
        if not any(source.endswith('/authorizers/${' + name + '}') for source in sources.get(function, [])):
            yield f'{name}: API Gateway may not call {function} to check tokens'


def check_stages(template):
    for name, stage in resources(template, 'AWS::ApiGateway::Stage'):
        own = properties(stage)
        settings = {(s.get('HttpMethod'), s.get('ResourcePath')): s
                    for s in as_list(own.get('MethodSettings'))}
        for _, route, _ in methods(template):
            method, path = route.split(' ')
            if 'ThrottlingRateLimit' not in settings.get((method, '/' + path.replace('/', '~1')), {}):
                yield f'{name}: {route} has no limit of its own'
        for setting in settings.values():
            if setting.get('ThrottlingRateLimit', 0) > MOST_A_SECOND:
                yield f'{name}: {setting.get("ResourcePath")} may be asked more than {MOST_A_SECOND} times a second'
            if setting.get('DataTraceEnabled'):
                yield f'{name}: bodies would be logged (DataTraceEnabled)'
        yield from _check_log(name, own.get('AccessLogSetting'))
    for name, stage in resources(template, 'AWS::ApiGatewayV2::Stage'):
        own = properties(stage)
        if (own.get('DefaultRouteSettings') or {}).get('DataTraceEnabled'):
            yield f'{name}: bodies would be logged (DataTraceEnabled)'
        if 'ThrottlingRateLimit' not in (own.get('DefaultRouteSettings') or {}):
            yield f'{name}: its routes have no limit'
        yield from _check_log(name, own.get('AccessLogSettings'))


def _check_log(name, setting):
    if not setting:
        yield f'{name}: has no access log'
    elif PRIVATE_CONTEXT.search(setting.get('Format', '')):
        yield f'{name}: the access log would tell who asks for what'


# What the gateway says by itself, each in the form of our own refusals.
ANSWERS = {'UNAUTHORIZED', 'EXPIRED_TOKEN', 'THROTTLED', 'QUOTA_EXCEEDED', 'REQUEST_TOO_LARGE', 'WAF_FILTERED',
           'MISSING_AUTHENTICATION_TOKEN', 'RESOURCE_NOT_FOUND', 'INTEGRATION_TIMEOUT', 'INTEGRATION_FAILURE',
           'DEFAULT_4XX', 'DEFAULT_5XX'}


def check_answers(template):
    found = set()
    for name, answer in resources(template, 'AWS::ApiGateway::GatewayResponse'):
        own = properties(answer)
        found.add(own.get('ResponseType'))
        if own.get('ResponseParameters', {}).get('gatewayresponse.header.Content-Type') != "'application/problem+json'":
            yield f'{name}: is no problem (application/problem+json)'
        try:
            body = json.loads(own.get('ResponseTemplates', {}).get('application/json', ''))
        except ValueError:
            body = {}
        if str(body.get('status')) != own.get('StatusCode') or not body.get('code'):
            yield f'{name}: its body has no code, or another status'
        if own.get('StatusCode') == '400':
            yield f'{name}: sync puts a batch aside after 400; a gateway must not say it'
    for kind in sorted(ANSWERS - found):
        yield f'the gateway answers {kind} in a form of its own'


def digest(template, parts):
    """Eight digits that change whenever one of the parts does."""
    found = {name: resource for name, resource in resources(template, *parts)}
    text = json.dumps(found, sort_keys=True, separators=(',', ':'))
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def check_deployments(template):
    for kind, prefix, parts in (('AWS::ApiGateway::Deployment', 'RestDeployment', REST_PARTS),
                                ('AWS::ApiGatewayV2::Deployment', 'SocketDeployment', SOCKET_PARTS)):
        wanted = prefix + digest(template, parts)
        found = [name for name, _ in resources(template, kind)]
        if found != [wanted]:
            yield f'{" ".join(found) or prefix}: the API has changed; name its deployment {wanted}'
        for name, deployment in resources(template, kind):
            needed = {other for other, _ in resources(template, *parts[2:]) if other.endswith(
                ('Method', 'Answer', 'Route'))}
            for other in sorted(needed - set(as_list(deployment.get('DependsOn')))):
                yield f'{name}: could be made before {other} (DependsOn)'


CHECKS = [check_authorizers, check_methods, check_permissions, check_stages, check_answers, check_deployments]
