// SPDX-License-Identifier: GPL-3.0-or-later
//
// What API Gateway has and the gateway on this computer hasn't: TLS and HTTP/2, in front of it. Makes
// a certificate for 127.0.0.1 in a folder, prints its port, and ends with its standard input.
//
//   node bench-sync-h2.mjs FOLDER PORT
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'

const [folder, port] = process.argv.slice(2)
const cert = `${folder}/h2-certificate.pem`
const key = `${folder}/h2-key.pem`
const hop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host'])
const agent = new http.Agent({ keepAlive: true })

function kept (headers) {
  return Object.fromEntries(Object.entries(headers)
    .filter(([name]) => !name.startsWith(':') && !hop.has(name)))
}

execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
  '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1',
  '-keyout', key, '-out', cert], { stdio: 'ignore' })
const server = http2.createSecureServer({ cert: readFileSync(cert), key: readFileSync(key) })
server.on('stream', (stream, headers) => {
  const request = http.request({
    agent,
    host: '127.0.0.1',
    port,
    method: headers[':method'],
    path: headers[':path'],
    headers: { ...kept(headers), host: headers[':authority'] }
  })
  request.on('response', response => {
    stream.respond({ ':status': response.statusCode, ...kept(response.headers) })
    response.pipe(stream)
  })
  request.on('error', () => stream.close())
  stream.pipe(request)
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit(0)).resume()
