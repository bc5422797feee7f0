import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createKeys, expectNoLeaks, readKeys, writeKeys, type CurveKeys } from '@zera/core'
import { startGateway, type Gateway } from '@zera/devices'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../crash/until.js'
import { hasPythonZmq, PYTHON, PythonPeer, suiteName, type PythonSocket } from './python-peer.js'

const directory = mkdtempSync(join(tmpdir(), 'zera-'))
const server = createKeys()
const friend = createKeys()
/**
 * What a server says until a CURVE client has to prove that it has its key: ZMTP's greeting, and WELCOME without its
 * head.
 */
const [GREETING_BYTES, WELCOME_BYTES] = [64, 160]
const ADD = '{"actor":"counter","method":"add","args":[1]}'

afterAll(() => rmSync(directory, { recursive: true }))

describe.skipIf(!hasPythonZmq)(suiteName('startGateway() and CURVE clients in Python'), () => {
  let python: PythonPeer
  let gateway: Gateway
  let count: number

  beforeEach(async () => {
    count = 0
    python = await PythonPeer.start()
    gateway = await startGateway({
      bind: 'tcp://0.0.0.0:*',
      curve: { keys: server, clients: [friend.publicKey] },
      targets: { counter: { methods: ['add'], call: (_method, [by]) => (count += Number(by)) } },
    })
  })

  afterEach(async () => {
    await gateway.stop()
    await python[Symbol.asyncDispose]()
    expectNoLeaks()
  })

  /** The options of a client with these keys. */
  function curve(keys: CurveKeys, serverKey = server.publicKey): Record<string, string> {
    return { CURVE_PUBLICKEY: keys.publicKey, CURVE_SECRETKEY: keys.secretKey, CURVE_SERVERKEY: serverKey }
  }

  async function client(
    options: Readonly<Record<string, string | number>>,
    port = portOf(gateway),
  ): Promise<PythonSocket> {
    const socket = await python.open('REQ', options)
    await socket.connect(`tcp://127.0.0.1:${port}`)
    return socket
  }

  test('the right key is served', async () => {
    const socket = await client(curve(friend))

    await socket.send(ADD)

    expect(String((await socket.receive())[0])).toBe('{"id":null,"value":1}')
    expect(await gateway.statistics()).toMatchObject({ authenticated: 1, denied: 0 })
  })

  test('a key that is not on the list is refused and counted', async () => {
    const socket = await client({ ...curve(createKeys()), RCVTIMEO: 500, SNDTIMEO: 500 })

    await socket.send(ADD).catch(() => undefined)
    await until('the key is refused', async () => (await gateway.statistics()).denied > 0)

    await expect(socket.receive()).rejects.toThrow('receive')
    expect([count, (await gateway.statistics()).requests]).toEqual([0, 0])
  })

  test.each([
    ['no key', {}],
    ['another server’s key', curve(friend, createKeys().publicKey)],
  ])('%s is served nothing', async (_name, options) => {
    const socket = await client({ ...options, RCVTIMEO: 500, SNDTIMEO: 500 })
    const right = await client(curve(friend))

    await socket.send(ADD).catch(() => undefined)
    await right.send(ADD)
    await right.receive()

    await expect(socket.receive()).rejects.toThrow('receive')
    expect([count, (await gateway.statistics()).requests]).toEqual([1, 1])
  })

  test('an oversized request is answered with an error; one beyond all measure loses its connection, and no other client does', async () => {
    const [large, huge, right] = [
      await client(curve(friend)),
      await client({ ...curve(friend), RCVTIMEO: 500 }),
      await client(curve(friend)),
    ]

    await large.send(`{"actor":"counter","method":"add","args":["${'x'.repeat(70_000)}"]}`)
    expect(JSON.parse(String((await large.receive())[0]))).toMatchObject({ id: null, error: { code: 'too-large' } })
    await huge.send('x'.repeat(3_000_000))
    await expect(huge.receive()).rejects.toThrow('receive')
    await right.send(ADD)

    expect(String((await right.receive())[0])).toBe('{"id":null,"value":1}')
    expect(await gateway.statistics()).toMatchObject({ requests: 2, errors: 1, errorsByFault: { 'too-large': 1 } })
  })

  test('a recorded connection that is replayed is not served', async () => {
    const recorded: Buffer[] = []
    const pairs: Socket[] = []
    const recorder = createServer(here => {
      const there = connect(portOf(gateway), '127.0.0.1')
      pairs.push(here, there)
      here.on('data', chunk => recorded.push(chunk))
      here.pipe(there).pipe(here)
    })
    recorder.listen(0, '127.0.0.1')
    await once(recorder, 'listening')
    const socket = await client(curve(friend), (recorder.address() as AddressInfo).port)
    await socket.send(ADD)
    expect(String((await socket.receive())[0])).toBe('{"id":null,"value":1}')

    const replayed = connect(portOf(gateway), '127.0.0.1')
    const closed = new Promise(resolve => replayed.once('close', resolve))
    let answeredBytes = 0
    replayed.on('data', chunk => (answeredBytes += chunk.length)).on('error', () => undefined)
    // At the pace of the handshake: each step goes out when the one before it was answered, or after a while, since some are not.
    for (const chunk of recorded) {
      replayed.write(chunk)
      await Promise.race([new Promise(resolve => replayed.once('data', resolve)), closed, setTimeout(100)])
    }
    // The gateway closes it: what the client has proved on the first connection proves nothing on this one.
    await closed

    expect(answeredBytes).toBeGreaterThan(GREETING_BYTES + WELCOME_BYTES)
    expect([count, (await gateway.statistics()).requests, (await gateway.statistics()).authenticated]).toEqual([
      1, 1, 1,
    ])
    for (const pair of pairs) pair.destroy()
    recorder.close()
    await once(recorder, 'close')
  })

  test('key files are read by pyzmq, and a client with keys from pyzmq’s own files is let in', async () => {
    const path = join(directory, 'ours')
    const { secretFile } = await writeKeys(`${path}.key`)
    const script = `import sys, zmq.auth\nfor key in zmq.auth.load_certificate(sys.argv[1]): print(key.decode())\nzmq.auth.create_certificates(sys.argv[2], "theirs")`
    const { stdout } = spawnSync(PYTHON, ['-c', script, secretFile, directory], { encoding: 'utf8' })

    const ours = await readKeys(secretFile)
    expect(stdout.split('\n')).toEqual([ours.publicKey, ours.secretKey, ''])
    const theirs = await readKeys(join(directory, 'theirs.key_secret')).catch((error: unknown) => error)
    expect(theirs).toMatchObject({ code: 'ZERA_KEY_FILE' })
  })
})

function portOf(gateway: Gateway): number {
  return Number(gateway.endpoints[0].split(':').at(-1))
}
