# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a CloudFormation template and finds one's way in it."""
import re

import yaml

SUB_NAME = re.compile(r'\$\{([^!][^}]*)\}')


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms; names that stand twice are errors."""

    def construct_mapping(self, node, deep=False):
        names = [self.construct_object(key, deep=True) for key, _ in node.value]
        for name in set(names):
            if names.count(name) > 1:
                raise yaml.YAMLError(f'{node.start_mark}: {name} stands there twice')
        return super().construct_mapping(node, deep)


def _short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == 'GetAtt' and isinstance(value, str):
        value = value.split('.', 1)
    return {suffix if suffix in ('Ref', 'Condition') else f'Fn::{suffix}': value}


Loader.add_multi_constructor('!', _short_form)
# Dates are texts: "2012-10-17" is the version of a policy.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != 'tag:yaml.org,2002:timestamp']
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(text):
    return yaml.load(text, Loader)


def resources(template, *types):
    """(name, resource) of all resources of these types; of all types when none is given."""
    for name, resource in template.get('Resources', {}).items():
        if not types or resource.get('Type') in types:
            yield name, resource


def properties(resource):
    return resource.get('Properties') or {}


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def walk(value, path=()):
    """Every value in a tree, with the names that lead to it."""
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, path + (name,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from walk(inner, path + (index,))


def branches(value):
    """What a value may come to: both sides of Fn::If, without AWS::NoValue."""
    if isinstance(value, dict) and set(value) == {'Fn::If'}:
        for side in value['Fn::If'][1:]:
            yield from branches(side)
    elif value != {'Ref': 'AWS::NoValue'}:
        yield value


def sub_text(value):
    """The text of Fn::Sub or a plain text, with ${…} left in; else None."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and 'Fn::Sub' in value:
        inner = value['Fn::Sub']
        return inner[0] if isinstance(inner, list) else inner
    return None


def target(value):
    """The resource that a Ref, a GetAtt or the first ${…} of a Sub names; else None."""
    if isinstance(value, dict):
        if 'Ref' in value:
            return value['Ref']
        if 'Fn::GetAtt' in value:
            return value['Fn::GetAtt'][0]
        text = sub_text(value)
        for name in SUB_NAME.findall(text or ''):
            if not name.startswith('AWS::'):
                return name.split('.')[0]
    return None


def references(value):
    """(name, attribute or None) of everything that a tree refers to."""
    for _, inner in walk(value):
        if not isinstance(inner, dict):
            continue
        if isinstance(inner.get('Ref'), str):
            yield inner['Ref'], None
        if 'Fn::GetAtt' in inner:
            name, attribute = inner['Fn::GetAtt']
            yield name, attribute
        if 'Fn::Sub' in inner:
            sub = inner['Fn::Sub']
            own = sub[1] if isinstance(sub, list) else {}
            for name in SUB_NAME.findall(sub[0] if isinstance(sub, list) else sub):
                if name not in own:
                    first, _, attribute = name.partition('.')
                    yield first, attribute or None
