// SPDX-License-Identifier: GPL-3.0-or-later
//
// The peer of "bench sync": PouchDB replicates documents to and from express-pouchdb, which speaks
// CouchDB's protocol, in another process on loopback; both keep them in memory, which favours them.
// All with their defaults. Bytes are counted between the two, headers and all.
//
//   RAFILM_NPM=FOLDER node bench-sync-peer.mjs DOCUMENTS
import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import net from 'node:net'

const require = createRequire(`${process.env.RAFILM_NPM}/`)
const PouchDB = require('pouchdb').plugin(require('pouchdb-adapter-memory'))
const CHANGES = 21

function serve () {
  const app = require('express')()
  const Memory = PouchDB.defaults({ adapter: 'memory' })
  app.use('/', require('express-pouchdb')(Memory, {
    inMemoryConfig: true, mode: 'minimumForPouchDB', logPath: '/dev/null'
  }))
  const server = app.listen(0, '127.0.0.1', () => process.send(server.address().port))
}

// A server that hands every byte on, both ways, and counts them.
function listen (port) {
  const figures = { requests: 0, bytes: 0 }
  const server = net.createServer(client => {
    const upstream = net.connect(port, '127.0.0.1')
    client.on('data', piece => {
      figures.bytes += piece.length
      figures.requests += piece.toString('latin1').match(/\r\nhost:/gi)?.length ?? 0
    })
    upstream.on('data', piece => { figures.bytes += piece.length })
    client.on('error', () => upstream.destroy())
    upstream.on('error', () => client.destroy())
    client.pipe(upstream).pipe(client)
  })
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => {
    resolve({ figures, port: server.address().port })
  }))
}

async function measure (name, wire, work) {
  Object.assign(wire.figures, { requests: 0, bytes: 0 })
  const cpu = process.cpuUsage()
  const began = performance.now()
  await work()
  const wall = performance.now() - began
  const used = process.cpuUsage(cpu)
  console.log(`pouchdb_${name}_wall_ms=${wall.toFixed(1)}`)
  console.log(`pouchdb_${name}_cpu_ms=${((used.user + used.system) / 1000).toFixed(1)}`)
  console.log(`pouchdb_${name}_requests=${wire.figures.requests}`)
  console.log(`pouchdb_${name}_bytes=${wire.figures.bytes}`)
}

// One document at a time, until the other database says that it changed.
async function changeOneByOne (wire, remote, here, there, id) {
  const push = here.replicate.to(remote, { live: true, retry: true })
  const pull = there.replicate.from(remote, { live: true, retry: true })
  const times = []
  await new Promise(resolve => setTimeout(resolve, 1000))
  Object.assign(wire.figures, { requests: 0, bytes: 0 })
  for (let i = 0; i < CHANGES; i++) {
    const seen = new Promise(resolve => {
      const changes = there.changes({ live: true, since: 'now' }).on('change', () => {
        changes.cancel()
        resolve()
      })
    })
    const document = await here.get(id)
    const began = performance.now()
    await here.put({ ...document, rating: 1 + i % 9 })
    await seen
    times.push(performance.now() - began)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  times.sort((a, b) => a - b)
  console.log(`pouchdb_change_seen_after_edit_ms=${times[CHANGES >> 1].toFixed(1)}`)
  console.log(`pouchdb_change_requests_both=${(wire.figures.requests / CHANGES).toFixed(1)}`)
  console.log(`pouchdb_change_bytes_both=${(wire.figures.bytes / CHANGES).toFixed(0)}`)
  push.cancel()
  pull.cancel()
}

async function run (path) {
  const documents = readFileSync(path, 'utf8').split('\n').filter(Boolean).map(JSON.parse)
  const child = fork(process.argv[1], ['--serve'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const wire = await listen(await new Promise(resolve => child.once('message', resolve)))
  const remote = new PouchDB(`http://127.0.0.1:${wire.port}/diary`)
  const here = new PouchDB('here', { adapter: 'memory' })
  const there = new PouchDB('there', { adapter: 'memory' })

  await here.bulkDocs(documents)
  await measure('push', wire, () => here.replicate.to(remote))
  await measure('pull', wire, () => there.replicate.from(remote))
  if ((await there.info()).doc_count !== documents.length) throw new Error('not all came')
  await changeOneByOne(wire, remote, here, there, documents[0]._id)
  child.kill()
}

if (process.argv[2] === '--serve') {
  serve()
} else {
  await run(process.argv[2])
  process.exit(0)
}
