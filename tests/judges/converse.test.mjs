// SPDX-License-Identifier: GPL-3.0-or-later
// @copilotkit/aimock plays Bedrock: the chat's worker reads its frames.
import assert from 'node:assert/strict';
import test from 'node:test';
import { load, makeFunction, missing, notStatic, serve } from './judge.mjs';

const skip = missing('@copilotkit/aimock') || missing('@vercel/fun') || notStatic;

/** The messages that the socket was told, when the model says what `prepare` says. */
async function chat(prepare, text) {
  const { LLMock } = load('@copilotkit/aimock');
  const mock = new LLMock({ port: 0, chunkSize: 7 });
  prepare(mock);
  await mock.start();
  const told = [];
  const server = await serve((request, body) => {
    if (request.url.includes('@connections')) told.push(JSON.parse(body.toString()));
    return { headers: { 'content-type': 'application/json' }, body: '{}' };
  });
  const run = await makeFunction('chat-worker', {
    AWS_ENDPOINT_URL_DYNAMODB: server.url, AWS_ENDPOINT_URL_SSM: server.url, RAFILM_TABLE: 'rafilm',
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: mock.url, RAFILM_BEDROCK_MODEL: 'us.amazon.nova-micro-v1:0',
    RAFILM_CONNECTIONS_URL: `${server.url}/prod`, RAFILM_TMDB_URL: server.url,
  });
  try {
    await run({
      uid: 'u-1', connection: 'abc=',
      request: { action: 'chat', id: 'm_1', conversation: 'c_1', text, turns: [] },
    });
  } finally {
    await run.destroy();
    await server.stop();
    await mock.stop();
  }
  return told;
}

const said = (told) => told.filter((message) => message.t === 'chat.delta').map((message) => message.text).join('');

test('text, with letters of more bytes than one', { skip }, async () => {
  const words = 'Try « Le Samouraï », 東京物語 – and nothing louder than rain. '.repeat(20).trim();
  const told = await chat((mock) => mock.onMessage('quiet', { content: words }), 'Something quiet?');
  assert.equal(said(told), words);
  assert.deepEqual(told.map((message) => message.seq), told.map((_, i) => i + 1));
  assert.equal(told.at(-1).t, 'chat.done');
  assert.equal(told.at(-1).stop, 'end_turn');
});

test('a film that no tool returned is not named', { skip }, async () => {
  const told = await chat((mock) => mock.onMessage('quiet', { content: 'Try [[tmdb:5511]] tonight.' }), 'Something quiet?');
  assert.equal(said(told).includes('[['), false);
  assert.match(said(told), /tonight/);
});

test('a tool call, and the answer after its result', { skip }, async () => {
  const told = await chat((mock) => {
    mock.addFixture({
      match: { userMessage: 'quiet', hasToolResult: false },
      response: { toolCalls: [{ name: 'search_films', arguments: '{"query":"samurai"}' }] },
    });
    mock.addFixture({ match: { userMessage: 'quiet', hasToolResult: true }, response: { content: 'Nothing was found.' } });
  }, 'Something quiet?');
  assert.equal(said(told), 'Nothing was found.');
  assert.equal(told.at(-1).t, 'chat.done');
});

test('a refusal becomes an error message', { skip }, async () => {
  const told = await chat((mock) => mock.onMessage('quiet', { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429 }),
    'Something quiet?');
  assert.equal(told.at(-1).t, 'chat.error');
  assert.equal(told.length, 1);
});
