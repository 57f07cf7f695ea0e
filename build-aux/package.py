#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the functions' program into a zip whose bytes depend on the program alone.

usage: package.py BOOTSTRAP ZIP
"""
import hashlib
import sys
import zipfile
from pathlib import Path

LIMIT = 4 * 1024 * 1024
MACHINES = {62: 'x86_64', 183: 'arm64'}  # e_machine, as CloudFormation names them


def read_program(path):
    """The program's bytes and machine; what would not start on AWS is refused."""
    program = Path(path).read_bytes()
    if program[:5] != b'\x7fELF\x02':
        sys.exit(f'{path} is no 64-bit program')
    table, size, count = (int.from_bytes(program[at:at + n], 'little')
                          for at, n in ((32, 8), (54, 2), (56, 2)))
    kinds = [int.from_bytes(program[table + i * size:table + i * size + 4], 'little')
             for i in range(count)]
    if 3 in kinds:  # PT_INTERP
        sys.exit(f'{path} is not static')
    return program, MACHINES.get(int.from_bytes(program[18:20], 'little'), 'unknown')


def main():
    program, machine = read_program(sys.argv[1])
    target = Path(sys.argv[2])
    target.parent.mkdir(parents=True, exist_ok=True)
    entry = zipfile.ZipInfo('bootstrap', (1980, 1, 1, 0, 0, 0))
    entry.create_system = 3
    entry.external_attr = 0o100755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(target, 'w') as archive:
        archive.writestr(entry, program, compresslevel=9)
    size = target.stat().st_size
    print(f'zip={target}')
    print(f'architecture={machine}')
    print(f'program_bytes={len(program)}')
    print(f'zip_bytes={size}')
    print(f'zip_sha256={hashlib.sha256(target.read_bytes()).hexdigest()}')
    if size > LIMIT:
        sys.exit(f'{target} has more than {LIMIT} bytes')


if __name__ == '__main__':
    main()
