// SPDX-License-Identifier: GPL-3.0-or-later
// What the judges share: packages of npm that know nothing of Rafilm, the packaged program run by
// one of them, and servers on loopback.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = process.env.RAFILM_NPM;
const require = folder && createRequire(path.join(folder, 'package.json'));

/** Why a test that needs a package cannot run; false where it can. */
export function missing(name) {
  if (!folder) return 'RAFILM_NPM is not set: npm is missing';
  try {
    require.resolve(name);
    return false;
  } catch {
    return `${name} is not installed`;
  }
}

export const load = (name) => require(name);

/** A server on a port of its own; answer(request, body) gives {status, headers, body}. */
export async function serve(answer) {
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', async () => {
      const { status = 200, headers = {}, body = '' } = await answer(request, Buffer.concat(pieces));
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}`, port: server.address().port, stop };
}

/** A port that is free now. */
export async function findPort() {
  const server = await serve(() => ({}));
  await server.stop();
  return server.port;
}

/** The zip that would be uploaded, made of this build's program. */
function packageProgram() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'rafilm-judge-'));
  const program = path.join(scratch, 'program');
  const zip = path.join(scratch, 'rafilm.zip');
  execFileSync('strip', ['--strip-all', '-o', program, process.env.RAFILM_BOOTSTRAP]);
  execFileSync('python3', [process.env.RAFILM_PACKAGE, program, zip], { stdio: 'pipe' });
  const bytes = readFileSync(zip);
  rmSync(scratch, { recursive: true });
  return bytes;
}

/** A function of @vercel/fun that runs the package; `variables` of its environment. */
export function makeFunction(handler, variables, keys = { id: 'AKIDEXAMPLE', secret: 'a secret of one' }) {
  return load('@vercel/fun').createFunction({
    Code: { ZipFile: packageProgram() },
    Handler: handler,
    Runtime: 'provided',
    Region: 'us-east-1',
    AccessKeyId: keys.id,
    SecretAccessKey: keys.secret,
    Timeout: 30,
    Environment: { Variables: variables },
  });
}

/** A REST event, format 1.0, of somebody who is signed in. */
export function restEvent(method, resource, body) {
  return {
    httpMethod: method, resource, path: resource, headers: {}, queryStringParameters: null,
    pathParameters: null, body: body ? JSON.stringify(body) : null, isBase64Encoded: false,
    requestContext: { stage: 'prod', authorizer: { claims: { sub: 'u-1', token_use: 'access' } } },
  };
}

export const notStatic = process.env.RAFILM_BOOTSTRAP_IS_STATIC ? false : 'the program is not static in this build';
