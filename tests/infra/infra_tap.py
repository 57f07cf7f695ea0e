# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs unittest cases and tells of them in the Test Anything Protocol, as meson reads it."""
import sys
import traceback
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
INFRA = TOP / 'infra'
sys.path.insert(0, str(INFRA))


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def _tell(self, word, test, note=''):
        self.number += 1
        print(f'{word} {self.number} - {test.id().partition(".")[2]}{note}', flush=True)

    def _blame(self, test, error):
        self._tell('not ok', test)
        for line in ''.join(traceback.format_exception(*error)).splitlines():
            print(f'# {line}')

    def addSuccess(self, test):
        self._tell('ok', test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._tell('ok', test, f' # SKIP {reason}')

    def addError(self, test, error):
        super().addError(test, error)
        self._blame(test, error)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self._blame(test, error)

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error is not None:
            self._blame(subtest, error)


def run():
    """Of the file that calls it."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    print(f'1..{suite.countTestCases()}')
    result = TapResult()
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
