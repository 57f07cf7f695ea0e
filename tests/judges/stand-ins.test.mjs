// SPDX-License-Identifier: GPL-3.0-or-later
// The AWS SDK reads what our own stand-in for Bedrock sends.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { load, missing } from './judge.mjs';

const skip = missing('@aws-sdk/client-bedrock-runtime') || missing('@smithy/node-http-handler');
const folder = mkdtempSync(path.join(tmpdir(), 'rafilm-judge-'));
let cloud;
let endpoint;

function startCloud() {
  return new Promise((resolve, reject) => {
    cloud = spawn(process.env.RAFILM_LOCAL, ['--functions', process.env.RAFILM_BOOTSTRAP, '--sample',
      process.env.RAFILM_SAMPLE, '--state', path.join(folder, 'state')], { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    cloud.stdout.on('data', (piece) => {
      output += piece;
      const found = output.match(/^RAFILM_BEDROCK_URL=(.*)$/m);
      if (found) resolve(found[1]);
    });
    cloud.on('error', reject);
    cloud.on('close', () => reject(new Error('the local cloud ended')));
  });
}

if (!skip) {
  before(async () => { endpoint = await startCloud(); });
  after(async () => {
    const ended = once(cloud, 'close');
    cloud.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
}

async function converse(text, fault) {
  const { BedrockRuntimeClient, ConverseStreamCommand } = load('@aws-sdk/client-bedrock-runtime');
  const { NodeHttpHandler } = load('@smithy/node-http-handler');
  const client = new BedrockRuntimeClient({
    region: 'us-east-1', endpoint, requestHandler: new NodeHttpHandler(), maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
  if (fault)
    client.middlewareStack.add((next) => (args) => {
      args.request.headers['x-rafilm-fault'] = fault;
      return next(args);
    }, { step: 'build' });
  const events = [];
  const answer = await client.send(new ConverseStreamCommand({
    modelId: 'amazon.nova-micro-v1:0', messages: [{ role: 'user', content: [{ text }] }],
  }));
  for await (const event of answer.stream) events.push(event);
  return events;
}

test('every frame is read', { skip }, async () => {
  const events = await converse('What is Rafilm?');
  const kinds = events.map((event) => Object.keys(event)[0]);
  assert.equal(kinds[0], 'messageStart');
  assert.ok(kinds.includes('messageStop'));
  assert.equal(kinds.at(-1), 'metadata');
  const text = events.map((event) => event.contentBlockDelta?.delta.text ?? '').join('');
  assert.ok(text.length > 0);
});

test('an exception in the stream is one', { skip }, async () => {
  await assert.rejects(converse('What is Rafilm?', 'exception'), (error) => /Exception/.test(error.name));
});

test('a throttled call is one', { skip }, async () => {
  await assert.rejects(converse('What is Rafilm?', 'throttle'), { name: 'ThrottlingException' });
});

test('a wrong checksum is seen', { skip }, async () => {
  await assert.rejects(converse('What is Rafilm?', 'garble'), /checksum|CRC/i);
});
