# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything around the training pipeline: the real functions behind a Runtime API, moto as DynamoDB,
S3 and SSM, and stand-ins for Personalize (said to be so) and TMDb."""
import json
import os
import queue
import shutil
import socket
import subprocess
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import infra_tap
from asl import Clock, Execution, StateMachine, TaskError, substitute
from personalize_stand_in import ARN, DATASET, GROUP, RECIPE, ROLE, PersonalizeStandIn

for variable in ('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'):
    os.environ[variable] = 'local'
os.environ['AWS_DEFAULT_REGION'] = 'us-east-1'

import boto3  # noqa: E402 (reads the environment)

DEFINITION = (infra_tap.INFRA / 'training.asl.json').read_text()
BUCKET = 'rafilm-training'
FUNCTIONS = {'Guard': 'training-guard', 'Export': 'training-export', 'Load': 'training-load', 'Clean': 'training-clean'}
SUBSTITUTIONS = {
    **{f'{name}Function': handler for name, handler in FUNCTIONS.items()},
    'Name': 'rafilm-test', 'Bucket': BUCKET, 'Personalize': ARN[:-1], 'DatasetArn': DATASET, 'DatasetGroupArn': GROUP,
    'RecipeArn': RECIPE, 'DataRoleArn': ROLE, 'CampaignArn': '',
}
MARK = 'Zwetschgenknödel'  # in every text that somebody wrote


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


class QuietHandler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def answer(self, status, body=b'', headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get('Content-Length', 0)))


def serve(handler):
    server = ThreadingHTTPServer(('127.0.0.1', 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Function:
    """bootstrap with one handler, behind a Runtime API of its own."""

    def __init__(self, handler, environment):
        events, answers = queue.Queue(), queue.Queue()
        self.events, self.answers = events, answers

        class Runtime(QuietHandler):
            def do_GET(self):
                payload, seconds = events.get()
                if payload is None:
                    self.answer(500)
                    return
                deadline = str(int((time.time() + seconds) * 1000))
                self.answer(200, payload, [('Lambda-Runtime-Aws-Request-Id', 'request'),
                                           ('Lambda-Runtime-Deadline-Ms', deadline)])

            def do_POST(self):
                answers.put((self.path.rpartition('/')[2], json.loads(self.body())))
                self.answer(202)

        self.server = serve(Runtime)
        self.log = open(os.path.join(environment['RAFILM_TEST_LOGS'], handler), 'ab')
        self.process = subprocess.Popen(
            [os.environ['RAFILM_BOOTSTRAP']], stderr=self.log,
            env={**environment, '_HANDLER': handler,
                 'AWS_LAMBDA_RUNTIME_API': f'127.0.0.1:{self.server.server_address[1]}'})

    def invoke(self, payload, seconds):
        self.events.put((json.dumps(payload).encode(), seconds))
        how, answer = self.answers.get(timeout=60)
        if how == 'error':
            raise TaskError(answer['errorType'], json.dumps(answer))
        return answer

    def close(self):
        """Ends it as Lambda does, so that a sanitizer can tell of leaks."""
        self.events.put((None, 0))
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.server.shutdown()
        self.server.server_close()
        self.log.close()


class Tmdb(QuietHandler):
    def do_GET(self):
        film = self.path.partition('/movie/')[2].partition('?')[0]
        if not film.isdigit():
            self.answer(200, b'{"results":[],"page":1,"total_pages":1}')
            return
        body = {'id': int(film), 'title': f'Film {film}', 'original_title': f'Film {film}', 'overview': '', 'runtime': 100,
                'release_date': '1999-03-31', 'genres': [{'id': 18, 'name': 'Drama'}]}
        self.answer(200, json.dumps(body).encode(), [('Content-Type', 'application/json')])


class Services:
    """The processes, once for all tests of a file."""

    def __init__(self, folder):
        port = free_port()
        self.moto = subprocess.Popen(['moto_server', '-H', '127.0.0.1', '-p', str(port)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.url = f'http://127.0.0.1:{port}'
        for _ in range(300):
            try:
                socket.create_connection(('127.0.0.1', port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        self.tmdb = serve(Tmdb)
        self.client = {name: boto3.client(name, endpoint_url=self.url) for name in ('dynamodb', 's3', 'ssm')}
        self.client['ssm'].put_parameter(Name='/rafilm/tmdb-key', Type='SecureString', Value='key')
        self.client['s3'].create_bucket(Bucket=BUCKET)
        self.environment = {
            'AWS_REGION': 'us-east-1', 'AWS_ACCESS_KEY_ID': 'local', 'AWS_SECRET_ACCESS_KEY': 'local',
            'AWS_ENDPOINT_URL_DYNAMODB': self.url, 'AWS_ENDPOINT_URL_S3': self.url, 'AWS_ENDPOINT_URL_SSM': self.url,
            'RAFILM_TMDB_URL': f'http://127.0.0.1:{self.tmdb.server_address[1]}/3', 'RAFILM_TMDB_KEY_PARAMETER': '/rafilm/tmdb-key',
            'RAFILM_TRAINING_BUCKET': BUCKET, 'RAFILM_TEST_LOGS': str(folder),
        }

    def close(self):
        for client in self.client.values():
            client.close()
        self.moto.kill()
        self.moto.wait()
        self.tmdb.shutdown()
        self.tmdb.server_close()


def missing():
    """Why there can be no world here, or None."""
    return None if shutil.which('moto_server') else 'moto_server is missing'


def stamp(when):
    return f'1.{int(when * 1000) << 16:016x}.k7Qm2xPa.4'


class World:
    """A table with diaries, a Personalize, and the state machine between them."""

    def __init__(self, services, **substitutions):
        self.services, self.clock = services, Clock(time.time())
        self.db, self.s3 = services.client['dynamodb'], services.client['s3']
        self.table = 'rafilm-' + uuid.uuid4().hex[:8]
        keys = [('pk', 'HASH'), ('sk', 'RANGE')]
        self.db.create_table(
            TableName=self.table, BillingMode='PAY_PER_REQUEST',
            AttributeDefinitions=[{'AttributeName': name, 'AttributeType': 'S'} for name, _ in keys],
            KeySchema=[{'AttributeName': name, 'KeyType': kind} for name, kind in keys])
        self.empty_bucket()
        self.personalize = PersonalizeStandIn(self.clock, self.s3)
        self.use(**substitutions)
        self.environment = {**services.environment, 'RAFILM_TABLE': self.table}
        self.functions, self.executions, self.users = {}, {}, []
        self.seconds = 900      # of an invocation
        self.failures = {}      # handler -> errors of its next invocations
        self.invocations = []
        self.files = {}         # every file that the export ever wrote
        self.replay = None      # (files, answer) of an export that need not be done again

    def close(self):
        for function in self.functions.values():
            function.close()

    def empty_bucket(self):
        for entry in self.objects():
            self.s3.delete_object(Bucket=BUCKET, Key=entry)

    def objects(self):
        return [entry['Key'] for entry in self.s3.list_objects_v2(Bucket=BUCKET).get('Contents', [])]

    def use(self, **substitutions):
        self.machine = StateMachine(json.loads(substitute(DEFINITION, {**SUBSTITUTIONS, **substitutions})))

    # -- running

    def function(self, handler):
        if handler not in self.functions:
            self.functions[handler] = Function(handler, self.environment)
        return self.functions[handler]

    def invoke(self, handler, payload):
        self.invocations.append(handler)
        if self.failures.get(handler):
            raise TaskError(self.failures[handler].pop(0), 'planted')
        if handler == 'training-export':
            return self.export(payload)
        return self.function(handler).invoke(payload, self.seconds)

    def export(self, payload):
        """By the function, or, since moto is slow at it, as the function did it before."""
        folder = f'runs/{payload["run"]}/'
        if self.replay:
            for name, text in self.replay[0].items():
                self.s3.put_object(Bucket=BUCKET, Key=folder + name, Body=text.encode())
            return self.replay[1]
        result = self.function('training-export').invoke(payload, self.seconds)
        for key in self.objects():
            self.files[key.removeprefix(folder)] = self.s3.get_object(Bucket=BUCKET, Key=key)['Body'].read().decode()
        return result

    def reset(self):
        """As it was before any training, but for the diaries and the time."""
        self.empty_bucket()
        page = self.db.query(TableName=self.table, KeyConditionExpression='pk = :pk', ExpressionAttributeValues={
            ':pk': {'S': 'L#training'}})
        for item in page['Items']:
            self.db.delete_item(TableName=self.table, Key={'pk': item['pk'], 'sk': item['sk']})
        self.write([{'DeleteRequest': {'Key': {'pk': {'S': 'U#' + uid}, 'sk': {'S': 'R'}}}} for uid in self.users])
        self.personalize = PersonalizeStandIn(self.clock, self.s3)
        self.executions.clear()
        self.failures.clear()
        self.invocations.clear()
        self.seconds = 900

    def __call__(self, resource, parameters, execution):
        kind, _, action = resource.rpartition(':')
        if resource == 'lambda:invoke':
            self.clock.now += 2
            return {'StatusCode': 200, 'Payload': self.invoke(parameters['FunctionName'], parameters['Payload'])}
        if resource == 'aws-sdk:sfn:describeExecution':
            other = self.executions.get(parameters['ExecutionArn'])
            if other is None:
                raise TaskError('Sfn.ExecutionDoesNotExistException')
            return {'ExecutionArn': other.arn, 'Status': other.status}
        assert kind == 'aws-sdk:personalize', resource
        return self.personalize(action, parameters)

    def start(self):
        execution = Execution(self.machine, self, self.clock, uuid.uuid4().hex)
        self.executions[execution.arn] = execution
        return execution

    def run(self):
        return self.start().run()

    # -- the table

    def put(self, items):
        self.write([{'PutRequest': {'Item': item}} for item in items])

    def write(self, requests):
        for at in range(0, len(requests), 25):
            self.db.batch_write_item(RequestItems={self.table: requests[at:at + 25]})

    def get(self, pk, sk):
        return self.db.get_item(TableName=self.table, Key={'pk': {'S': pk}, 'sk': {'S': sk}}).get('Item')

    def seed(self, users, films, written_days_ago=5):
        """Accounts that have each seen other films, with texts that must not get anywhere."""
        now = time.time()
        written = {'M': {'*': {'S': stamp(now - written_days_ago * 86400)}}}
        found = []
        for user in range(users):
            uid = str(uuid.uuid4())
            pk = {'S': 'U#' + uid}
            items = [{'pk': pk, 'sk': {'S': 'M'}, 'v': {'N': '3'}, 'e': {'S': 'e_1'}, 'h': {'N': '3'}, 'dv': {'M': {
                'k7Qm2xPa': {'M': {'n': {'N': '1'}, 'nm': {'S': f'{MARK} Attic'}}}}}},
                {'pk': pk, 'sk': {'S': 'p#me'}, 'q': {'N': '3'}, 'f': {'M': {
                    'name': {'S': f'{MARK} Ada'}, 'bio': {'S': f'{MARK} ada@example.org'}}}, 's': written}]
            for index in range(films):
                day = datetime.now(timezone.utc).date() - timedelta(days=index * 7 + user)
                fields = {'film': {'N': str(100 + (user * 3 + index) % (films * 2))}, 'on': {'S': day.isoformat()},
                          'rv': {'S': f'{MARK}, "quoted", ada@example.org'}, 'tag:' + MARK: {'BOOL': True}}
                if index % 3:
                    fields['rating'] = {'N': str(index % 10 + 1)}
                items.append({'pk': pk, 'sk': {'S': f'd#v{index}'}, 'q': {'N': '3'}, 'f': {'M': fields}, 's': written})
            self.put(items)
            found.append(uid)
        self.users += found
        return found

    def booked(self):
        """Minutes of each month."""
        page = self.db.query(TableName=self.table, KeyConditionExpression='pk = :pk AND begins_with(sk, :sk)',
                             ExpressionAttributeValues={':pk': {'S': 'L#training'}, ':sk': {'S': 'hours#'}})
        return {item['sk']['S'][6:]: int(item['minutes']['N']) for item in page['Items']}

    def is_free(self):
        return self.get('L#training', 'run') is None

    def rankings(self):
        """Account -> item, of the accounts that were seeded."""
        found = {}
        for at in range(0, len(self.users), 100):
            keys = [{'pk': {'S': 'U#' + uid}, 'sk': {'S': 'R'}} for uid in self.users[at:at + 100]]
            answer = self.db.batch_get_item(RequestItems={self.table: {'Keys': keys}})
            found.update({item['pk']['S'][2:]: item for item in answer['Responses'][self.table]})
        return found

    def recommendations(self, uid):
        """What GET /v1/recommendations says."""
        event = {'httpMethod': 'GET', 'resource': '/v1/recommendations', 'path': '/v1/recommendations',
                 'requestContext': {'authorizer': {'claims': {'sub': uid}}}, 'headers': {}, 'queryStringParameters': None}
        answer = self.function('recommendations').invoke(event, 30)
        assert answer['statusCode'] == 200, answer
        return json.loads(answer['body'])
