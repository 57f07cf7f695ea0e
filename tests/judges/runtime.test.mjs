// SPDX-License-Identifier: GPL-3.0-or-later
// @vercel/fun, somebody else's Lambda, runs the package.
import assert from 'node:assert/strict';
import test from 'node:test';
import { makeFunction, missing, notStatic } from './judge.mjs';

const skip = missing('@vercel/fun') || notStatic;
const arn = 'arn:aws:execute-api:us-east-1:1:a/prod/$connect';

test('answers events, one after the other', { skip }, async () => {
  const run = await makeFunction('authorizer', {});
  try {
    for (let i = 0; i < 5; i += 1) {
      const answer = await run({ type: 'REQUEST', methodArn: arn, headers: {} });
      assert.equal(answer.principalId, 'nobody');
      assert.deepEqual(answer.policyDocument.Statement[0],
        { Action: 'execute-api:Invoke', Effect: 'Deny', Resource: arn });
    }
  } finally {
    await run.destroy();
  }
});

test('reports an event that cannot be answered, and goes on', { skip }, async () => {
  const run = await makeFunction('authorizer', {});
  try {
    const failed = await run.invoke({ InvocationType: 'RequestResponse', Payload: '{}' });
    assert.equal(failed.FunctionError, 'Handled');
    assert.equal(JSON.parse(failed.Payload).errorType, 'Rafilm.Failed');
    const answer = await run({ type: 'REQUEST', methodArn: arn, headers: {} });
    assert.equal(answer.principalId, 'nobody');
  } finally {
    await run.destroy();
  }
});

test('reports a handler that does not exist', { skip }, async () => {
  const run = await makeFunction('nothing', {});
  try {
    await assert.rejects(run({}), /_HANDLER names no handler/);
  } finally {
    await run.destroy();
  }
});
