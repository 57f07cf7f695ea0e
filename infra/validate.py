#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a CloudFormation template of Rafilm without an account and without a network.

usage: validate.py [TEMPLATE]
"""
import sys
from pathlib import Path

import yaml

from validation import functions, names, permissions, routes, running, services, training
from validation.template import parse, resources

TEMPLATE = Path(__file__).resolve().parent / 'template.yaml'
CHECKS = [*names.CHECKS, *permissions.CHECKS, *functions.CHECKS, *routes.CHECKS, *services.CHECKS,
          *training.CHECKS, *running.CHECKS]


def validate(template):
    """All faults, each one line. Names come first: nothing else makes sense without them."""
    faults = [fault for check in names.CHECKS[:1] for fault in check(template)]
    if not faults:
        faults = [fault for check in CHECKS for fault in check(template)]
    return list(dict.fromkeys(faults))


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATE
    try:
        template = parse(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        sys.exit(f'{path}: {error}')
    faults = validate(template)
    for fault in faults:
        print(f'{path.name}: {fault}', file=sys.stderr)
    print(f'resources={sum(1 for _ in resources(template))}')
    print(f'checks={len(CHECKS)}')
    print(f'faults={len(faults)}')
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
