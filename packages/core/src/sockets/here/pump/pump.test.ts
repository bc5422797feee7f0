import { describe, expect, test } from 'vitest'
import { SocketError } from '../../../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../../../fixtures/leaks.js'
import { runProgram } from '../../../fixtures/run-program.js'
import { texts } from '../../fixtures/plugged.js'
import type { PumpOptions } from '../../options/pump-options.js'
import type { Sockets } from '../../socket.js'
import { openSocket } from '../open-socket.js'
import { openPump } from './open-pump.js'
import type { Pump } from './pump.js'

expectNoLeaksAfterEach()

const ANY = 'tcp://127.0.0.1:*'

describe('openPump()', () => {
  test.each<[string, PumpOptions]>([
    ['types between which nothing can go', { frontend: { type: 'PULL' }, backend: { type: 'SUB' } }],
    ['types that take turns', { frontend: { type: 'REP' }, backend: { type: 'REQ' } }],
    ['a type that there is not', { frontend: { type: 'RHUBARB' as 'PULL' }, backend: { type: 'PUSH' } }],
    [
      'a capture that only receives',
      { frontend: { type: 'PULL' }, backend: { type: 'PUSH' }, capture: { type: 'PULL' } },
    ],
    [
      'an option that its type does not have',
      { frontend: { type: 'PULL', options: { mandatory: true } as object }, backend: { type: 'PUSH' } },
    ],
    [
      'ready workers without two ROUTERs',
      { frontend: { type: 'ROUTER' }, backend: { type: 'DEALER' }, rule: { kind: 'ready-workers' } },
    ],
    [
      'last values without an XPUB',
      {
        frontend: { type: 'PULL' },
        backend: { type: 'PUSH' },
        rule: { kind: 'last-values', maxKeys: 1, whenFull: 'refuse-new' },
      },
    ],
  ])('refuses %s with a TypeError', async (_, options) => {
    await expect(openPump(options)).rejects.toThrow(TypeError)
  })

  test('opens nothing when one of its sockets is refused', async () => {
    await expect(
      openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH', options: { curveSecretKey: 'no key' } } }),
    ).rejects.toBeInstanceOf(Error)
  })
})

describe('Pump', () => {
  test('subscribes at a SUB alone', async () => {
    await using pump = await openPump({ frontend: { type: 'SUB' }, backend: { type: 'PUB' } })

    await pump.frontend.subscribe('')

    await expect(pump.backend.subscribe('')).rejects.toThrow(TypeError)
  })

  test('refuses everything when it is closed', async () => {
    const pump = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })

    await Promise.all([pump.close(), pump.close()])

    expect(await pump.ended).toBeUndefined()
    for (const call of [() => pump.pause(), () => pump.drain(), () => pump.statistics(), () => pump.frontend.bind(ANY)])
      await expect(call()).rejects.toBeInstanceOf(SocketError)
  })

  test('hands on large and empty frames as they are', async () => {
    await using pump = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })
    await using ends = await endsOf(pump)
    const frames = [Buffer.alloc(1024 * 1024, 'x'), Buffer.alloc(0), Buffer.from([0, 255]), Buffer.alloc(129, 'y')]

    await ends.push.send(frames)

    const arrived = await ends.pull.receive()
    expect(arrived.map((frame, at) => frame.equals(frames[at] as Buffer))).toEqual([true, true, true, true])
  })

  test('works while the thread that has opened it is busy', async () => {
    await using pump = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })
    await using ends = await endsOf(pump)
    for (let number = 0; number < 100; number++) void ends.push.send(String(number))
    await new Promise(resolve => setImmediate(resolve))

    const until = performance.now() + 200
    while (performance.now() < until);

    expect((await pump.statistics()).toBackend).toMatchObject({ messages: 100, waiting: 0 })
    for (let number = 0; number < 100; number++) expect(texts(await ends.pull.receive())).toEqual([String(number)])
  })

  test('gives others their turn while one of them is flooded', async () => {
    await using flooded = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })
    await using flood = await endsOf(flooded)
    await using quiet = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })
    await using ends = await endsOf(quiet)
    const enough = new AbortController()
    const sent = (async () => {
      while (!enough.signal.aborted) await Promise.all(Array.from({ length: 500 }, () => flood.push.send('flood')))
      await flood.push.send('end')
    })()
    const received = (async () => {
      while (texts(await flood.pull.receive())[0] !== 'end');
    })()

    const before = (await flooded.statistics()).toBackend.messages
    for (let number = 0; number < 50; number++) {
      await ends.push.send(String(number))
      expect(texts(await ends.pull.receive())).toEqual([String(number)])
    }
    const after = (await flooded.statistics()).toBackend.messages
    enough.abort()
    await sent
    await received

    expect(after).toBeGreaterThan(before)
  })

  test('gives what it drops to the doctor', async () => {
    const ended = await runProgram('../sockets/fixtures/programs/main-pumps-to-nobody')

    expect(ended).toMatchObject({ code: 0, stdout: 'unknown-identity 1\n', stderr: '' })
  })
})

describe('a process with pumps under load', () => {
  test.each([
    ['exit', 3, ''],
    ['throw', 1, 'main throws'],
    ['close', 0, ''],
  ])('ends with the exit code that is expected when main ends by %s', async (way, code, text) => {
    const ended = await runProgram('../sockets/fixtures/programs/main-pumps', [way])

    expect(ended).toMatchObject({ code, signal: null })
    expect(ended.stderr).toContain(text)
  })

  test('goes on when the thread that had opened one is killed, and its port can be bound again', async () => {
    const ended = await runProgram('../sockets/fixtures/programs/main-pumps', ['kill-thread'])

    expect(ended).toEqual({ code: 0, signal: null, stdout: 'bound again\n', stderr: '' })
  })
})

async function endsOf(pump: Pump): Promise<{ push: Sockets['PUSH']; pull: Sockets['PULL'] } & AsyncDisposable> {
  const push = await openSocket('PUSH')
  const pull = await openSocket('PULL')
  await push.connect(await pump.frontend.bind(ANY))
  await pull.connect(await pump.backend.bind(ANY))
  return {
    push,
    pull,
    [Symbol.asyncDispose]: async () => {
      await push.close()
      await pull.close()
    },
  }
}
