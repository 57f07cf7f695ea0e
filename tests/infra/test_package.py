#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip of the functions: one static program, and the same bytes from the same program."""
import os
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

import infra_tap

PACKAGE = infra_tap.TOP / 'build-aux' / 'package.py'


def static_program(machine=62, interpreter=False, size=64):
    """A file with the headers of a 64-bit program with one segment, and nothing to run."""
    header = bytearray(b'\x7fELF\x02\x01\x01' + bytes(57))
    header[18:20] = machine.to_bytes(2, 'little')
    header[32:40] = (64).to_bytes(8, 'little')
    header[54:56] = (56).to_bytes(2, 'little')
    header[56:58] = (1).to_bytes(2, 'little')
    return bytes(header) + (3 if interpreter else 1).to_bytes(4, 'little') + bytes(52) + os.urandom(size)


class PackageTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)

    def pack(self, program, name='a.zip'):
        (self.path / 'program').write_bytes(program)
        return subprocess.run([sys.executable, PACKAGE, self.path / 'program', self.path / name],
                              capture_output=True, text=True, check=False)

    def test_same_bytes(self):
        program = static_program()
        self.assertEqual(self.pack(program, 'a.zip').returncode, 0)
        os.utime(self.path / 'program', (time.time() - 1e6,) * 2)
        (self.path / 'program').chmod(0o600)
        self.assertEqual(self.pack(program, 'b.zip').returncode, 0)
        self.assertEqual((self.path / 'a.zip').read_bytes(), (self.path / 'b.zip').read_bytes())

    def test_what_is_in_it(self):
        program = static_program()
        told = dict(line.split('=', 1) for line in self.pack(program).stdout.splitlines())
        with zipfile.ZipFile(self.path / 'a.zip') as archive:
            self.assertEqual(archive.namelist(), ['bootstrap'])
            self.assertEqual(archive.read('bootstrap'), program)
            mode = archive.getinfo('bootstrap').external_attr >> 16
        self.assertEqual(mode, stat.S_IFREG | 0o755)
        self.assertEqual(int(told['zip_bytes']), (self.path / 'a.zip').stat().st_size)
        self.assertEqual(told['architecture'], 'x86_64')

    def test_machine(self):
        self.assertIn('architecture=arm64', self.pack(static_program(machine=183)).stdout)

    def test_needs_a_loader(self):
        result = self.pack(static_program(interpreter=True))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn('is not static', result.stderr)

    def test_no_program(self):
        self.assertIn('no 64-bit program', self.pack(b'#!/bin/sh\n').stderr)

    def test_too_large(self):
        result = self.pack(static_program(size=5 * 1024 * 1024))
        self.assertNotEqual(result.returncode, 0)
        self.assertIn('has more than', result.stderr)

    def test_bootstrap(self):
        """The program of this build is what AWS can start, unless a sanitizer is in it."""
        program = Path(os.environ['RAFILM_BOOTSTRAP']).read_bytes()
        if b'__asan_init' in program:
            self.skipTest('built with a sanitizer')
        (self.path / 'whole').write_bytes(program)
        subprocess.run(['strip', '--strip-all', self.path / 'whole'], check=True)
        program = (self.path / 'whole').read_bytes()
        result = self.pack(program)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn(str(infra_tap.TOP).encode(), program, 'it would differ from folder to folder')


if __name__ == '__main__':
    infra_tap.run()
