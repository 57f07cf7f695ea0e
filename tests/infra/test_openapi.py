#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""infra/openapi.yaml against the source, the template and what the functions really answer."""
import json
import os
import re
import subprocess
import unittest
import urllib.error
import urllib.request

import infra_tap
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from validate import TEMPLATE
from validation.routes import PUBLIC_ROUTES, integration_target, methods
from validation.template import parse, walk

SPEC = yaml.safe_load((infra_tap.INFRA / 'openapi.yaml').read_text())
SOURCE = infra_tap.TOP / 'src'


def operations():
    """(route, operation)"""
    for path, item in SPEC['paths'].items():
        for method, operation in item.items():
            yield f'{method.upper()} {path}', operation


def is_public(operation):
    return operation.get('security', SPEC['security']) == []


def check(case, schema, value):
    """Schemas may name others of the same file."""
    root = {'components': SPEC['components'], **schema}
    faults = [f'{"/".join(map(str, e.absolute_path))}: {e.message}'
              for e in Draft202012Validator(root).iter_errors(value)]
    case.assertEqual(faults, [])


def named(name):
    return {'$ref': f'#/components/schemas/{name}'}


def blocks(path):
    """The JSON examples of a text, with what was cut short made whole."""
    for block in re.findall(r'```json\n(.*?)```', path.read_text(), re.S):
        block = block.replace('1044.….….9', '1044.019b7d3a2b110000.k7Qm2xPa.9')
        yield json.loads(block.replace('6f0c…', '6f0c' * 8))


class SpecTest(unittest.TestCase):
    def test_is_openapi(self):
        self.assertEqual([e.message for e in OpenAPIV31SpecValidator(SPEC).iter_errors()], [])

    def test_no_half_values(self):
        """A comma in a text without quotes leaves a name without a value."""
        self.assertEqual([path for path, value in walk(SPEC) if value is None], [])

    def test_names_are_single(self):
        names = [operation['operationId'] for _, operation in operations()]
        self.assertEqual(len(names), len(set(names)))

    def test_every_refusal_is_a_problem(self):
        for route, operation in operations():
            for status, answer in operation['responses'].items():
                if '$ref' in answer:
                    answer = SPEC['components']['responses'][answer['$ref'].rpartition('/')[2]]
                wanted = 'application/json' if status.startswith('2') else 'application/problem+json'
                self.assertEqual(list(answer['content']), [wanted], f'{route} {status}')

    def test_who_needs_a_token_may_be_refused(self):
        for route, operation in operations():
            self.assertEqual('401' in operation['responses'], not is_public(operation), route)


class RoutesTest(unittest.TestCase):
    def setUp(self):
        self.spec = {route: is_public(operation) for route, operation in operations()}

    def test_local_cloud(self):
        text = (SOURCE / 'local' / 'rafilm-local-routes.c').read_text()
        table = re.search(r'RafilmLocalRoute routes\[\] = \{(.*?)\n\};', text, re.S).group(1)
        found = re.findall(r'\{ "([A-Z]+)", "([^"]+)", "([a-z-]+)", (TRUE|FALSE) \}', table)
        self.assertEqual(self.spec, {f'{m} {path}': p == 'TRUE' for m, path, _, p in found})
        template = parse(TEMPLATE.read_text())
        handlers = {name: resource['Properties']['Handler'] for name, resource
                    in template['Resources'].items() if resource['Type'] == 'AWS::Lambda::Function'}
        served = {route: handlers[integration_target(own['Integration'])]
                  for _, route, own in methods(template)}
        self.assertEqual(served, {f'{m} {path}': function for m, path, function, _ in found})

    def test_local_messages(self):
        text = (SOURCE / 'local' / 'rafilm-local-routes.c').read_text()
        table = re.search(r'actions\[\] = \{(.*?)\n\};', text, re.S).group(1)
        actions = set(re.findall(r'\{ "([a-z.]+)", "[a-z-]+" \}', table))
        template = parse(TEMPLATE.read_text())
        keys = {resource['Properties']['RouteKey'] for resource in template['Resources'].values()
                if resource['Type'] == 'AWS::ApiGatewayV2::Route'}
        self.assertEqual(keys, actions | {'$connect', '$disconnect', '$default'})

    def test_template(self):
        found = {route: own.get('AuthorizationType') == 'NONE'
                 for _, route, own in methods(parse(TEMPLATE.read_text()))}
        self.assertEqual(self.spec, found)
        self.assertEqual({route for route, public in self.spec.items() if public}, PUBLIC_ROUTES)

    def test_codes(self):
        """Every code that a function refuses with is told somewhere, and the gateway's own too."""
        text = (infra_tap.INFRA / 'openapi.yaml').read_text()
        codes = set(re.findall(r'"code":"([a-z_]+)"', TEMPLATE.read_text())) - {'filtered'}
        for name in ('account', 'films', 'recommendations', 'reviews', 'sync'):
            source = (SOURCE / 'cloud' / 'handlers' / f'{name}.c').read_text()
            codes |= set(re.findall(r'rafilm_answer_(?:problem|retry) \(\d+, "([a-z_]+)"', source))
        for code in sorted(codes - {'method_not_allowed'}):
            self.assertRegex(text, rf'\b{code}\b')


class SyncTest(unittest.TestCase):
    def test_examples_of_the_protocol(self):
        request, answer = blocks(infra_tap.TOP / 'docs' / 'sync.md')
        check(self, named('SyncRequest'), request)
        check(self, named('SyncAnswer'), answer)

    def test_kinds_and_fields(self):
        text = (SOURCE / 'wire' / 'rafilm-wire-kinds.c').read_text()
        kinds = re.findall(r'KIND \("(\w)"', text)
        self.assertEqual(SPEC['components']['schemas']['Kind']['enum'], kinds)
        specs = ''.join(re.findall(r'FieldSpec \w+_fields\[\] = \{(.*?)\n\};', text, re.S))
        fields = set(re.findall(r'(?:BOOL|INT|TEXT) \("(\w+)"|\{ "(\w+:?)"', specs))
        fields = {a or b for a, b in fields}
        told = SPEC['components']['schemas']['Fields']
        self.assertEqual(fields - {'tag:'}, set(told['properties']))
        self.assertEqual(list(told['patternProperties']), ['^tag:'])

    def test_limits(self):
        text = (SOURCE / 'wire' / 'rafilm-wire-kinds.h').read_text()
        limits = dict(re.findall(r'#define RAFILM_WIRE_(\w+) (\d+) ', text))
        schemas = SPEC['components']['schemas']
        batch = schemas['SyncRequest']['properties']['batch']['oneOf'][1]['properties']
        self.assertEqual(batch['ops']['maxItems'], int(limits['MAX_OPS']))
        self.assertEqual(schemas['Fields']['maxProperties'], int(limits['MAX_FIELDS']))
        self.assertEqual(schemas['RowId']['maxLength'], int(limits['MAX_ID']))
        self.assertEqual(schemas['SyncRequest']['properties']['max']['maximum'], int(limits['PAGE_HARD']))

    def test_nonsense(self):
        for change in ({'dev': 'short'}, {'epoch': 'a b'}, {'cursor': -1}, {'batch': {'id': 'b', 'ops': []}},
                       {'proto': 2}):
            request = {'proto': 1, 'acct': 'u', 'dev': 'k7Qm2xPa', 'now': 1, **change}
            self.assertFalse(Draft202012Validator({'components': SPEC['components'],
                                                   **named('SyncRequest')}).is_valid(request), change)


class AnswersTest(unittest.TestCase):
    """The functions themselves, behind the local cloud."""

    @classmethod
    def setUpClass(cls):
        cls.cloud = subprocess.Popen(
            [os.environ['RAFILM_LOCAL'], '--functions', os.environ['RAFILM_BOOTSTRAP'], '--port', '0',
             '--sample', infra_tap.TOP / 'data' / 'sample'],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        cls.ends = {}
        for line in cls.cloud.stdout:
            if line == '\n':
                break
            name, _, value = line.rstrip('\n').partition('=')
            cls.ends[name] = value

    @classmethod
    def tearDownClass(cls):
        cls.cloud.terminate()
        cls.cloud.wait(20)
        cls.cloud.stdout.close()

    def get(self, path):
        try:
            with urllib.request.urlopen(self.ends['RAFILM_API_URL'] + path, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def expect(self, path, route, status='200'):
        found, body = self.get(path)
        self.assertEqual(str(found), status, body)
        answer = dict(operations())[route]['responses'][status]
        if '$ref' in answer:
            answer = SPEC['components']['responses'][answer['$ref'].rpartition('/')[2]]
        check(self, next(iter(answer['content'].values()))['schema'], body)
        return body

    def test_films(self):
        page = self.expect('/v1/films/search?query=the', 'GET /v1/films/search')
        self.assertGreater(len(page['results']), 0)
        ids = [film['id'] for film in page['results'][:3]]
        film = self.expect(f'/v1/films/{ids[0]}', 'GET /v1/films/{id}')
        self.assertEqual(film['id'], ids[0])
        films = self.expect(f'/v1/films?ids={",".join(map(str, ids))}', 'GET /v1/films')
        self.assertEqual([f['id'] for f in films['results']], ids)
        self.assertGreater(len(self.expect('/v1/films/trending', 'GET /v1/films/trending')['results']), 0)
        genre = film['genres'][0].replace(' ', '%20')
        self.expect(f'/v1/films/discover?genre={genre}', 'GET /v1/films/discover')

    def test_refusals(self):
        self.expect('/v1/films?ids=x', 'GET /v1/films', '400')
        self.expect('/v1/films/search', 'GET /v1/films/search', '400')
        self.expect('/v1/films/discover?genre=Nonsense', 'GET /v1/films/discover', '400')
        self.expect('/v1/films/2147483646', 'GET /v1/films/{id}', '404')

    def test_needs_a_token(self):
        self.assertEqual(self.get('/v1/recommendations')[0], 401)


if __name__ == '__main__':
    infra_tap.run()
