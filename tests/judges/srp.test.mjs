// SPDX-License-Identifier: GPL-3.0-or-later
// A server on cognito-srp lets the application's client in with the right password only.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { load, missing, serve } from './judge.mjs';

const skip = missing('cognito-srp');
const pool = 'eu-west-1_Fk3mQz81b';
const poolName = pool.split('_')[1];

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (name) => `${encode({ alg: 'RS256' })}.${encode({ sub: `uid-${name}` })}.c2ln`;

function refuse(type, message) {
  return { status: 400, body: JSON.stringify({ __type: type, message }) };
}

/** Accounts by mail address, with Cognito's two calls of a sign-in. */
async function makeServer(accounts) {
  const { UserPool } = load('cognito-srp');
  const userPool = new UserPool(poolName);
  const users = new Map();
  const sessions = new Map();
  for (const [username, password] of accounts) users.set(username, await makeUser(username, password));

  /* Numbers that begin with a zero byte (one in 256 each) are hashed by cognito-srp with that byte, and without it
     by Amazon's own client and ours; the server's random numbers are chosen so that there are none. */
  async function makeUser(username, password) {
    for (;;) {
      const user = await userPool.createUser({ username, password });
      if (!user.salt.startsWith('00')) return user;
    }
  }

  async function makeChallenge(user, a) {
    for (;;) {
      const challenge = await userPool.getServerChallenge(user);
      const b = challenge.calculateB().toString('hex');
      const session = challenge.getSession(a);
      if (!b.startsWith('00') && session.key[0] !== 0) return { b, session };
    }
  }

  async function initiate({ AuthParameters: { USERNAME: name, SRP_A: a } }) {
    const user = users.get(name);
    if (!user) return refuse('NotAuthorizedException', 'Incorrect username or password.');
    const { b, session } = await makeChallenge(user, a);
    const block = randomBytes(500).toString('base64');
    sessions.set(block, [name, session]);
    return { body: JSON.stringify({
      ChallengeName: 'PASSWORD_VERIFIER',
      ChallengeParameters: {
        USER_ID_FOR_SRP: name, SALT: user.salt, SRP_B: b, SECRET_BLOCK: block, USERNAME: name,
      },
    }) };
  }

  function respond({ ChallengeResponses: given }) {
    const [name, session] = sessions.get(given.PASSWORD_CLAIM_SECRET_BLOCK);
    const expected = session.calculateSignature(given.PASSWORD_CLAIM_SECRET_BLOCK, given.TIMESTAMP);
    if (expected !== given.PASSWORD_CLAIM_SIGNATURE) return refuse('NotAuthorizedException', 'Incorrect username or password.');
    const name64 = token(name.replace(/\W/g, ''));
    return { body: JSON.stringify({ AuthenticationResult: {
      AccessToken: name64, IdToken: name64, RefreshToken: 'refresh', ExpiresIn: 900, TokenType: 'Bearer' } }) };
  }

  return serve((request, body) => {
    const input = JSON.parse(body.toString());
    return request.headers['x-amz-target'].endsWith('.InitiateAuth') ? initiate(input) : respond(input);
  });
}

/** Every pair of address and password that is given, tried by the application's client. */
function signIn(url, pairs) {
  return new Promise((resolve, reject) => {
    const client = spawn(process.env.RAFILM_JUDGED_SIGN_IN, pairs.flat(), {
      env: { ...process.env, RAFILM_API_URL: url, RAFILM_COGNITO_URL: url, RAFILM_COGNITO_POOL: pool, RAFILM_COGNITO_CLIENT: 'client' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    client.stdout.on('data', (piece) => { output += piece; });
    client.on('error', reject);
    client.on('close', (code) => (code === 0 ? resolve(output.trim().split('\n')) : reject(new Error(`exit ${code}`))));
  });
}

test('20 right and 20 wrong passwords', { skip }, async () => {
  const accounts = Array.from({ length: 20 }, (_, i) => [
    `person${i}@example.org`, `${randomBytes(3 + i).toString('base64')} Pässwörd-${i} 東`,
  ]);
  const server = await makeServer(accounts);
  try {
    const wrong = accounts.map(([name, password]) => [name, `${password}x`]);
    const told = await signIn(server.url, accounts.flatMap((pair, i) => [pair, wrong[i]]));
    assert.equal(told.length, 40);
    told.forEach((line, i) => assert.equal(line, i % 2 === 0 ? `uid-person${i / 2}exampleorg` : 'wrong-password', `${i}`));
  } finally {
    await server.stop();
  }
});
