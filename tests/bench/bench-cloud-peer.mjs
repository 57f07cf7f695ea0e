// SPDX-License-Identifier: GPL-3.0-or-later
// What a function for Node.js does at its start: loads the AWS SDK for DynamoDB and makes a client;
// then it serves the Runtime API. Usage: node bench-cloud-peer.mjs, with RAFILM_NPM.
import http from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.RAFILM_NPM}/`);
const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({ region: 'us-east-1' });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new http.Agent({ keepAlive: true });

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host, port, method, agent, path: `/2018-06-01/runtime/${path}` }, (answer) => {
      const pieces = [];
      answer.on('data', (piece) => pieces.push(piece));
      answer.on('end', () => resolve({ headers: answer.headers, body: Buffer.concat(pieces).toString() }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

for (;;) {
  const next = await call('GET', 'invocation/next');
  const event = JSON.parse(next.body);
  const answer = { statusCode: 200, body: JSON.stringify({ type: event.type, made: client !== undefined }) };
  await call('POST', `invocation/${next.headers['lambda-runtime-aws-request-id']}/response`, JSON.stringify(answer));
}
