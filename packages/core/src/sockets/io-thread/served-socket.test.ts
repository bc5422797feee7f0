import { expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'
import { until } from '../../fixtures/until.js'
import { createNative } from '../../native/native-socket.js'
import { quietOwner } from '../fixtures/quiet-owner.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { ServedSocket } from './served-socket.js'

/** A PULL with a peer that pushes to it. */
async function pulling(
  message: (frames: Buffer[]) => void,
): Promise<{ served: ServedSocket; push(bytes: number): Promise<void>; close(): void }> {
  const served = new ServedSocket('PULL', { linger: 0 }, quietOwner(message))
  const peer = createNative('PUSH', { linger: 0 }) as unknown as {
    connect(endpoint: string): void
    send(message: Buffer): Promise<void>
    close(): void
  }
  peer.connect(await served.bind('tcp://127.0.0.1:*'))
  return {
    served,
    push: bytes => peer.send(Buffer.alloc(bytes)),
    close: () => {
      peer.close()
      served.close()
    },
  }
}

test('ServedSocket.take() is heard while it stops for what its owner has not received', async () => {
  const sizes: number[] = []
  const pull = await pulling(frames => {
    sizes.push((frames[0] as Buffer).length)
    // As soon as the thread that receives can say so: a link hears of it in a microtask.
    queueMicrotask(() => pull.served.take(1))
  })
  try {
    pull.served.take(1)

    for (let sent = 0; sent < 3; sent++) await pull.push(SOCKET_LIMITS.arrivedBytes)
    await until(() => sizes.length === 3)

    expect(sizes).toEqual([1, 2, 3].map(() => SOCKET_LIMITS.arrivedBytes))
  } finally {
    pull.close()
  }
})

test('ServedSocket goes on receiving when a disconnect is refused', async () => {
  let refused: Promise<unknown> | undefined
  const pull = await pulling(() => {
    refused ??= pull.served.disconnect('tcp://127.0.0.1:1').catch((error: unknown) => error)
  })
  try {
    pull.served.take(Infinity)
    await pull.push(1)
    await until(() => refused !== undefined)

    expect(await refused).toMatchObject({ code: 'ENOENT' })
    await pull.push(1)
    await until(() => pull.served.received === 2)
  } finally {
    pull.close()
  }
})

test.concurrent.each([
  ['SUB', 'XPUB'],
  ['XSUB', 'XPUB'],
  ['ROUTER', 'DEALER'],
  ['PULL', 'PUSH'],
])('a %s that is disconnected in the midst of many messages of a %s goes on', async (type, peer) => {
  expect(await runProgram('../sockets/fixtures/programs/main-disconnects', [type, peer])).toEqual({
    code: 0,
    signal: null,
    stdout: 'disconnected\n',
    stderr: '',
  })
})

test('a socket that has sent some frames of messages can close while its peer does', async () => {
  expect(await runProgram('../sockets/fixtures/programs/main-closes-both', [])).toEqual({
    code: 0,
    signal: null,
    stdout: '',
    stderr: '',
  })
})
