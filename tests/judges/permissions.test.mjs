// SPDX-License-Identifier: GPL-3.0-or-later
// moto with its checks of signatures and policies on: a function gets what its role allows, with
// the right secret, and nothing else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findPort, makeFunction, missing, notStatic, restEvent } from './judge.mjs';

const skip = missing('@vercel/fun') || notStatic;
const table = 'rafilm';
const program = fileURLToPath(new URL('moto_with_checks.py', import.meta.url));
const unsigned = 5; // calls that are let through before the checks begin
let moto;
let url;
let keys;

const text = (xml, name) => xml.match(new RegExp(`<${name}>([^<]+)</${name}>`))[1];
const credential = (service) =>
  ({ Authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0` });

async function callIam(parameters) {
  const answer = await fetch(`${url}/`, {
    method: 'POST', body: new URLSearchParams({ Version: '2010-05-08', ...parameters }),
    headers: { ...credential('iam'), 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  const body = await answer.text();
  assert.equal(answer.status, 200, body);
  return body;
}

function makeTable() {
  const attribute = (name, type) => ({ AttributeName: name, AttributeType: type });
  const key = (name, type) => ({ AttributeName: name, KeyType: type });
  return fetch(`${url}/`, {
    method: 'POST',
    headers: { ...credential('dynamodb'), 'X-Amz-Target': 'DynamoDB_20120810.CreateTable', 'Content-Type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({
      TableName: table, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [attribute('pk', 'S'), attribute('sk', 'S')],
      KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
    }),
  });
}

async function startMoto() {
  const port = await findPort();
  url = `http://127.0.0.1:${port}`;
  moto = spawn('python3', [program, '-H', '127.0.0.1', '-p', `${port}`], {
    env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: `${unsigned}` }, stdio: 'ignore',
  });
  for (let i = 0; i < 300; i += 1) {
    try {
      // The first call that is answered makes the table.
      const answer = await makeTable();
      assert.equal(answer.status, 200);
      return;
    } catch (error) {
      if (error.name === 'AssertionError') throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  throw new Error('moto does not answer');
}

if (!skip) {
  before(async () => {
    await startMoto();
    await callIam({ Action: 'CreateUser', UserName: 'function' });
    const xml = await callIam({ Action: 'CreateAccessKey', UserName: 'function' });
    keys = { id: text(xml, 'AccessKeyId'), secret: text(xml, 'SecretAccessKey') };
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: '*' }] };
    await callIam({ Action: 'PutUserPolicy', UserName: 'function', PolicyName: 'reads', PolicyDocument: JSON.stringify(policy) });
    await callIam({ Action: 'GetUser', UserName: 'function' });
  });
  after(() => moto.kill('SIGKILL'));
}

async function call(method, body, secret = keys.secret) {
  const run = await makeFunction('account', { AWS_ENDPOINT_URL_DYNAMODB: url, RAFILM_TABLE: table }, { id: keys.id, secret });
  try {
    return await run(restEvent(method, '/v1/profile', body));
  } finally {
    await run.destroy();
  }
}

test('the checks are on', { skip }, async () => {
  assert.equal((await makeTable()).status, 403);
});

test('what the policy allows', { skip }, async () => {
  const answer = await call('GET');
  assert.equal(answer.statusCode, 200);
  assert.deepEqual(JSON.parse(answer.body), { handle: null });
});

test('a wrong secret', { skip }, async () => {
  const answer = await call('GET', undefined, 'another secret of the same form');
  assert.equal(answer.statusCode, 503);
});

test('what the policy does not allow', { skip }, async () => {
  const answer = await call('PUT', { handle: 'ada_l' });
  assert.equal(answer.statusCode, 503);
});
