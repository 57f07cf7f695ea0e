#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print how many test cases passed and failed, from the logs that meson leaves in a folder.

The JUnit report has the cases, but says nothing of a program that crashed or hung between two of
them; the JSON log has the programs. A program that failed counts as one failed case at least.
"""
import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

folder = Path(sys.argv[1])
passed = failed_cases = skipped = failed_programs = 0

for case in ElementTree.parse(folder / 'testlog.junit.xml').iter('testcase'):
    if case.find('failure') is not None or case.find('error') is not None:
        failed_cases += 1
    elif case.find('skipped') is not None:
        skipped += 1
    else:
        passed += 1

with open(folder / 'testlog.json', encoding='utf-8') as log:
    for line in log:
        if json.loads(line)['result'] not in ('OK', 'SKIP', 'EXPECTEDFAIL'):
            failed_programs += 1

failed = max(failed_cases, failed_programs)
print(f'{passed} passed, {failed} failed' + (f', {skipped} skipped' if skipped else ''))
