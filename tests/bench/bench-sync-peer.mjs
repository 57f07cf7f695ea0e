// SPDX-License-Identifier: GPL-3.0-or-later
//
// The peer of "bench sync": PouchDB replicates documents to and from express-pouchdb, which speaks
// CouchDB's protocol, in another process on loopback; both keep them in memory (the adapter "memory"),
// which favours them. All with their defaults, batches of 100. Bytes are counted between the two,
// headers and all, in a third process; CPU time is that of the first two.
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
  process.on('message', () => process.send(cpuTime()))
}

// A server that hands every byte on, both ways, and counts them; when asked it tells, and counts
// anew.
function count (port) {
  let figures = { requests: 0, bytes: 0 }
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
  server.listen(0, '127.0.0.1', () => process.send(server.address().port))
  process.on('message', () => {
    process.send(figures)
    figures = { requests: 0, bytes: 0 }
  })
}

// Each in a process of its own, so that nothing waits for what only measures.
function start (...words) {
  return fork(process.argv[1], words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

function hear (child) {
  return new Promise(resolve => child.once('message', resolve))
}

function ask (child) {
  const answer = hear(child)
  child.send('tell')
  return answer
}

function cpuTime () {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

async function measure (name, server, wire, work) {
  await ask(wire)
  const cpu = cpuTime() + await ask(server)
  const began = performance.now()
  await work()
  const wall = performance.now() - began
  const used = cpuTime() + await ask(server) - cpu
  const figures = await ask(wire)
  console.log(`pouchdb_${name}_wall_ms=${wall.toFixed(1)}`)
  console.log(`pouchdb_${name}_cpu_ms=${used.toFixed(1)}`)
  console.log(`pouchdb_${name}_requests=${figures.requests}`)
  console.log(`pouchdb_${name}_bytes=${figures.bytes}`)
}

// One document at a time, until the other database says that it changed.
async function changeOneByOne (wire, remote, here, there, id) {
  const push = here.replicate.to(remote, { live: true, retry: true })
  const pull = there.replicate.from(remote, { live: true, retry: true })
  const times = []
  await new Promise(resolve => setTimeout(resolve, 1000))
  await ask(wire)
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
  const figures = await ask(wire)
  times.sort((a, b) => a - b)
  console.log(`pouchdb_change_seen_after_edit_ms=${times[CHANGES >> 1].toFixed(1)}`)
  console.log(`pouchdb_change_requests_both=${(figures.requests / CHANGES).toFixed(1)}`)
  console.log(`pouchdb_change_bytes_both=${(figures.bytes / CHANGES).toFixed(0)}`)
  push.cancel()
  pull.cancel()
}

async function run (path) {
  const documents = readFileSync(path, 'utf8').split('\n').filter(Boolean).map(JSON.parse)
  const server = start('--serve')
  const wire = start('--count', await hear(server))
  const remote = new PouchDB(`http://127.0.0.1:${await hear(wire)}/diary`)
  const here = new PouchDB('here', { adapter: 'memory' })
  const there = new PouchDB('there', { adapter: 'memory' })

  await here.bulkDocs(documents)
  await measure('push', server, wire, () => here.replicate.to(remote))
  await measure('pull', server, wire, () => there.replicate.from(remote))
  if ((await there.info()).doc_count !== documents.length) throw new Error('not all came')
  await changeOneByOne(wire, remote, here, there, documents[0]._id)
  server.kill()
  wire.kill()
}

if (process.argv[2] === '--serve') {
  serve()
} else if (process.argv[2] === '--count') {
  count(Number(process.argv[3]))
} else {
  await run(process.argv[2])
  process.exit(0)
}
