import { describe, expect, test } from 'vitest'
import { eventDescriptors } from '../../../fixtures/descriptors.js'
import { expectNoLeaksAfterEach } from '../../../fixtures/leaks.js'
import { fixtureUrl } from '../../../fixtures/threads/threads.js'
import { until } from '../../../fixtures/until.js'
import { SOCKET_TRAITS, type SocketType } from '../../../native/socket-type.js'
import { startThread } from '../../../thread/starter/start-thread.js'
import { bindable } from '../../fixtures/plugged.js'
import { openSocket } from '../../here/open-socket.js'
import { openPump } from '../../here/pump/open-pump.js'

expectNoLeaksAfterEach()

/** What one socket more or less may be: the I/O thread opens and closes some for itself. */
const FEW = 2
const LIVES = 6

/** The count when the I/O thread, and what it keeps from the first such connect on, are there. */
async function warmUp(): Promise<number> {
  const socket = await openSocket('PAIR')
  await socket.connect(bindable('inproc'))
  await socket.close()
  return eventDescriptors()
}

const CONNECTING = (Object.keys(SOCKET_TRAITS) as SocketType[]).filter(type => type !== 'STREAM')

describe('a socket that was connected to an inproc endpoint that no socket has bound, and closed', () => {
  test.each(CONNECTING)('leaves no descriptor behind: %s', async type => {
    const before = await warmUp()

    for (let life = 0; life < LIVES; life++) {
      const socket = await openSocket(type)
      await socket.connect(bindable('inproc'))
      await socket.close()
    }

    await until(() => eventDescriptors() <= before + FEW)
  })

  test('may have been disconnected before', async () => {
    const before = await warmUp()

    for (let life = 0; life < LIVES; life++) {
      const socket = await openSocket('DEALER')
      const endpoint = bindable('inproc')
      await socket.connect(endpoint)
      await socket.disconnect(endpoint)
      await socket.close()
    }

    await until(() => eventDescriptors() <= before + FEW)
  })

  test('keeps no socket from binding there at once, and from being found by the next that connects', async () => {
    for (let life = 0; life < 50; life++) {
      const endpoint = bindable('inproc')
      const early = await openSocket('PUSH')
      await early.connect(endpoint)
      const closing = early.close()
      await using pull = await openSocket('PULL')
      await using push = await openSocket('PUSH')

      if (life % 2 === 0) await pull.bind(endpoint)
      await push.connect(endpoint)
      if (life % 2 === 1) await pull.bind(endpoint)
      await push.send('hello')

      expect(String((await pull.receive())[0])).toBe('hello')
      await closing
    }
  })

  test('leaves the others alone that wait there, too', async () => {
    const endpoint = bindable('inproc')
    const early = await openSocket('PUSH')
    await using waiting = await openSocket('PUSH')
    await early.connect(endpoint)
    await waiting.connect(endpoint)
    await early.close()
    await waiting.send('hello')

    await using pull = await openSocket('PULL')
    await pull.bind(endpoint)

    expect(String((await pull.receive())[0])).toBe('hello')
  })

  test('gives what it has sent to who binds within its linger, and goes when that is up', async () => {
    const before = await warmUp()
    const soon = bindable('inproc')
    for (const endpoint of [soon, ...Array.from({ length: LIVES }, () => bindable('inproc'))]) {
      const push = await openSocket('PUSH', { linger: 300 })
      await push.connect(endpoint)
      await push.send('early')
      await push.close()
    }

    const pull = await openSocket('PULL')
    await pull.bind(soon)

    expect(String((await pull.receive())[0])).toBe('early')
    await pull.close()
    await until(() => eventDescriptors() <= before + FEW)
  })

  test('may be the side of a pump', async () => {
    const before = await warmUp()

    for (let life = 0; life < LIVES; life++) {
      const pump = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' }, capture: { type: 'PUSH' } })
      for (const side of [pump.frontend, pump.backend, pump.capture]) await side?.connect(bindable('inproc'))
      await pump.close()
    }

    await until(() => eventDescriptors() <= before + FEW)
  })

  test('may be that of a thread that has died', async () => {
    const before = await warmUp()

    for (let life = 0; life < LIVES; life++) {
      const thread = await startThread(fixtureUrl('sockets/connects-to-nobody'), {
        data: ['PAIR', 'REQ', 'DEALER'] satisfies SocketType[],
      })
      await thread.kill()
    }

    await until(() => eventDescriptors() <= before + FEW)
  })
})
