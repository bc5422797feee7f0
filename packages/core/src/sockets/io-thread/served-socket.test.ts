import { expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'
import { until } from '../../fixtures/until.js'
import { createNative } from '../../native/native-socket.js'
import { SOCKET_LIMITS } from '../options/socket-limits.js'
import { ServedSocket, type ServedSocketOwner } from './served-socket.js'

const nothing = (): void => undefined

test('ServedSocket.take() is heard while it stops for what its owner has not received', async () => {
  const sizes: number[] = []
  const owner: ServedSocketOwner = {
    message: frames => {
      sizes.push((frames[0] as Buffer).length)
      // As soon as the thread that receives can say so: a link hears of it in a microtask.
      queueMicrotask(() => served.take(1))
    },
    sent: nothing,
    dropped: nothing,
    subscription: nothing,
    refused: nothing,
    faulted: nothing,
  }
  const served: ServedSocket = new ServedSocket('PULL', { linger: 0 }, owner)
  const peer = createNative('PUSH', { linger: 0 }) as unknown as {
    connect(endpoint: string): void
    send(message: Buffer): Promise<void>
    close(): void
  }
  try {
    const endpoint = await served.bind('tcp://127.0.0.1:*')
    peer.connect(endpoint)
    served.take(1)

    for (let sent = 0; sent < 3; sent++) await peer.send(Buffer.alloc(SOCKET_LIMITS.arrivedBytes))
    await until(() => sizes.length === 3)

    expect(sizes).toEqual([1, 2, 3].map(() => SOCKET_LIMITS.arrivedBytes))
  } finally {
    peer.close()
    served.close()
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
