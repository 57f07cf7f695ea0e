#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packaged zip in a root where there is nothing but what was in it, as on Lambda; and how it
finds the authorities' certificates there.

It looks where Amazon Linux has them (/etc/pki/tls/certs/ca-bundle.crt), then where Debian does, or
takes the file that SSL_CERT_FILE names. Without any, no https connection is made.
"""
import http.server
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest
import zipfile
from pathlib import Path

import infra_tap

BUNDLE = 'etc/pki/tls/certs/ca-bundle.crt'
EVENT = {'httpMethod': 'GET', 'resource': '/v1/profile', 'requestContext': {'authorizer': {'claims': {'sub': 'u-1'}}}}


class Server:
    """Answers every request on loopback by a function of path and body."""

    def __init__(self, answer, context=None):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get('Content-Length') or 0))
                status, headers, text = answer(self.path, body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header('Content-Length', str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = handle_any

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Authority:
    """Makes certificates with the openssl program."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.certificate = folder / f'{name}.pem'
        self.run('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', f'/CN={name}',
                 '-keyout', folder / f'{name}.key', '-out', self.certificate)

    def run(self, *arguments):
        subprocess.run(['openssl', *map(str, arguments)], check=True, capture_output=True)

    def context_for(self, host):
        stem = self.folder / f'{self.name}-{host}'
        Path(f'{stem}.ext').write_text(f'subjectAltName=DNS:{host}\n')
        self.run('req', '-newkey', 'rsa:2048', '-nodes', '-subj', f'/CN={host}', '-keyout', f'{stem}.key',
                 '-out', f'{stem}.csr')
        self.run('x509', '-req', '-in', f'{stem}.csr', '-CA', self.certificate, '-CAkey',
                 self.folder / f'{self.name}.key', '-CAcreateserial', '-days', '30', '-extfile', f'{stem}.ext',
                 '-out', f'{stem}.pem')
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f'{stem}.pem', f'{stem}.key')
        return context


class EmptyRootTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.path = Path(cls.folder.name)
        if 'RAFILM_BOOTSTRAP_IS_STATIC' not in os.environ:
            raise unittest.SkipTest('the program is not static in this build')
        subprocess.run(['strip', '--strip-all', '-o', cls.path / 'program', os.environ['RAFILM_BOOTSTRAP']], check=True)
        subprocess.run([sys.executable, os.environ['RAFILM_PACKAGE'], cls.path / 'program', cls.path / 'rafilm.zip'],
                       check=True, capture_output=True)
        if shutil.which('openssl') is None:
            raise unittest.SkipTest('openssl is missing')
        cls.ours = Authority(cls.path, 'ours')
        cls.other = Authority(cls.path, 'other')

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(dir=self.path))
        subprocess.run([sys.executable, '-m', 'zipfile', '-e', self.path / 'rafilm.zip', self.root], check=True)
        with zipfile.ZipFile(self.path / 'rafilm.zip') as archive:
            for entry in archive.infolist():
                (self.root / entry.filename).chmod(entry.external_attr >> 16)
        self.asked = []

    def enter(self):
        try:
            os.chroot(self.root)
        except PermissionError:
            os.unshare(os.CLONE_NEWUSER)
            os.chroot(self.root)
        os.chdir('/')

    def invoke(self, handler, event, variables):
        """What the function answers to one event, run in the root."""
        answers, answered = [], threading.Event()

        def runtime(path, body):
            if path.endswith('/next'):
                if answers:
                    return 403, {}, b'{}'
                headers = {'Lambda-Runtime-Aws-Request-Id': 'r1', 'Lambda-Runtime-Deadline-Ms': '9999999999999'}
                return 200, headers, json.dumps(event).encode()
            answers.append((path, json.loads(body)))
            answered.set()
            return 202, {}, b'{}'

        server = Server(runtime)
        environment = {'_HANDLER': handler, 'AWS_LAMBDA_RUNTIME_API': f'127.0.0.1:{server.port}',
                       'AWS_REGION': 'us-east-1', 'AWS_ACCESS_KEY_ID': 'AKID', 'AWS_SECRET_ACCESS_KEY': 'secret',
                       'RAFILM_TABLE': 'rafilm', **variables}
        try:
            program = subprocess.Popen(['/bootstrap'], env=environment, preexec_fn=self.enter,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except subprocess.SubprocessError:
            self.skipTest('a root of one\'s own is not allowed here')
        finally:
            self.addCleanup(server.stop)
        self.addCleanup(program.wait)
        self.addCleanup(program.send_signal, signal.SIGKILL)
        self.assertTrue(answered.wait(60), 'no answer')
        return answers[0]

    def call_over_tls(self, context, **variables):
        def table(path, body):
            self.asked.append(body)
            return 200, {'Content-Type': 'application/x-amz-json-1.0'}, b'{}'

        server = Server(table, context)
        self.addCleanup(server.stop)
        _, answer = self.invoke('account', EVENT, {
            'AWS_ENDPOINT_URL_DYNAMODB': f'https://localhost:{server.port}', **variables})
        return answer['statusCode']

    def put_bundle(self, authority, where=BUNDLE):
        (self.root / where).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(authority.certificate, self.root / where)

    def test_nothing_else_is_in_it(self):
        self.assertEqual([path.name for path in self.root.rglob('*')], ['bootstrap'])

    def test_answers(self):
        arn = 'arn:aws:execute-api:us-east-1:1:a/prod/$connect'
        path, answer = self.invoke('authorizer', {'type': 'REQUEST', 'methodArn': arn, 'headers': {}}, {})
        self.assertTrue(path.endswith('/r1/response'))
        self.assertEqual(answer['principalId'], 'nobody')

    def test_bundle_of_amazon_linux(self):
        self.put_bundle(self.ours)
        self.assertEqual(self.call_over_tls(self.ours.context_for('localhost')), 200)
        self.assertEqual(len(self.asked), 1)

    def test_bundle_that_is_named(self):
        self.put_bundle(self.other)
        self.put_bundle(self.ours, 'elsewhere.pem')
        self.assertEqual(self.call_over_tls(self.ours.context_for('localhost'), SSL_CERT_FILE='/elsewhere.pem'), 200)

    def test_no_bundle(self):
        self.assertEqual(self.call_over_tls(self.ours.context_for('localhost')), 503)
        self.assertEqual(self.asked, [])

    def test_other_authority(self):
        self.put_bundle(self.other)
        self.assertEqual(self.call_over_tls(self.ours.context_for('localhost')), 503)
        self.assertEqual(self.asked, [])

    def test_other_host(self):
        self.put_bundle(self.ours)
        self.assertEqual(self.call_over_tls(self.ours.context_for('example.org')), 503)
        self.assertEqual(self.asked, [])


if __name__ == '__main__':
    infra_tap.run()
