// SPDX-License-Identifier: GPL-3.0-or-later
// The AWS SDK's signer makes the same signature as ours, of requests as they arrived.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import test from 'node:test';
import { load, makeFunction, missing, notStatic, restEvent, serve } from './judge.mjs';

const skip = missing('@smithy/signature-v4') || missing('@vercel/fun') || notStatic;

class Sha256 {
  constructor(secret) { this.hash = secret ? createHmac('sha256', secret) : createHash('sha256'); }
  update(data) { this.hash.update(data); }
  async digest() { return new Uint8Array(this.hash.digest()); }
  reset() {}
}

/** The Authorization header that the SDK would have sent with this request. */
async function signAnew(request, body, uriEscapePath = true) {
  const { SignatureV4 } = load('@smithy/signature-v4');
  const [, region, service] = request.headers.authorization.match(/Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//);
  const signed = request.headers.authorization.match(/SignedHeaders=([^,]+)/)[1].split(';');
  const url = new URL(request.url, 'http://localhost');
  const signer = new SignatureV4({
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'a secret of one' },
    region, service, sha256: Sha256, uriEscapePath, applyChecksum: signed.includes('x-amz-content-sha256'),
  });
  const date = request.headers['x-amz-date'];
  const signingDate = new Date(date.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'));
  const headers = {};
  for (const name of signed) if (!name.startsWith('x-amz-date')) headers[name] = request.headers[name];
  const result = await signer.sign({
    method: request.method, protocol: 'http:', hostname: 'localhost', path: url.pathname,
    query: Object.fromEntries(url.searchParams), headers, body,
  }, { signingDate });
  const mine = Object.keys(result.headers).find((name) => name.toLowerCase() === 'authorization');
  return result.headers[mine].match(/Signature=(\w+)/)[1];
}

const signatureOf = (request) => request.headers.authorization.match(/Signature=(\w+)/)[1];

async function judge(handler, event, variable, suffix = '') {
  const seen = [];
  const server = await serve(async (request, body) => {
    if (request.headers.authorization) seen.push([request, await signAnew(request, body)]);
    return { headers: { 'content-type': 'application/json' }, body: '{}' };
  });
  const run = await makeFunction(handler, {
    AWS_ENDPOINT_URL_DYNAMODB: server.url, AWS_ENDPOINT_URL_LAMBDA: server.url, RAFILM_TABLE: 'rafilm',
    RAFILM_ACCOUNT_WORKER: 'arn:aws:lambda:us-east-1:1:function:worker', RAFILM_CONNECTIONS_URL: `${server.url}/prod`,
    [variable]: server.url + suffix,
  });
  try {
    await run(event);
  } finally {
    await run.destroy();
    await server.stop();
  }
  for (const [request, expected] of seen) assert.equal(signatureOf(request), expected, request.url);
  return seen.map(([request]) => request);
}

test('DynamoDB', { skip }, async () => {
  const requests = await judge('account', restEvent('GET', '/v1/profile'), 'AWS_ENDPOINT_URL_DYNAMODB');
  assert.ok(requests.length > 0);
  assert.match(requests[0].headers.authorization, /\/dynamodb\/aws4_request/);
});

test('Lambda, with a name that is escaped in the path', { skip }, async () => {
  const requests = await judge('account', restEvent('DELETE', '/v1/account'), 'AWS_ENDPOINT_URL_LAMBDA');
  const invocation = requests.find((request) => request.url.startsWith('/2015-03-31/'));
  assert.match(invocation.url, /arn%3Aaws%3Alambda/);
});

test('@connections, whose ids end in =', { skip }, async () => {
  const event = {
    requestContext: { routeKey: 'ping', connectionId: 'L0SM9cOFvHcCIhw=', authorizer: { uid: 'u-1', exp: '9999999999' } },
    body: '{"action":"ping"}', isBase64Encoded: false,
  };
  const requests = await judge('connect', event, 'RAFILM_CONNECTIONS_URL', '/prod');
  const post = requests.find((request) => request.url.startsWith('/prod/@connections/'));
  assert.ok(post.url.endsWith('%3D'));
  assert.match(post.headers.authorization, /\/execute-api\/aws4_request/);
});
