import { expect, test } from 'vitest'
import { expectNoLeaks } from '../../base/owning/resources.js'
import { HostUnreachableError, WouldBlockError } from '../socket-errors.js'
import { openSocket } from './open-socket.js'

// Other systems know no such time.
test.skipIf(process.platform !== 'linux')(
  'tcpMaxRetransmitTimeout ends the connection of a peer that reads nothing of what it was sent',
  async () => {
    const server = await openSocket('ROUTER', {
      linger: 0,
      sendTimeout: 0,
      sendHighWaterMark: 4,
      tcpMaxRetransmitTimeout: 200,
    })
    // Some of it is read ahead, until there is no more room there.
    const client = await openSocket('DEALER', { linger: 0, receiveHighWaterMark: 1, reconnectInterval: -1 })
    await client.connect(await server.bind('tcp://127.0.0.1:*'))
    await client.send('hello')
    const [id] = await server.receive()
    const large = Buffer.alloc(1024 * 1024)
    let isFull = false
    let error: unknown

    while (!(error instanceof HostUnreachableError)) {
      error = await server.send([id as Buffer, large]).catch((refused: unknown) => refused)
      isFull ||= error instanceof WouldBlockError
      if (isFull) await new Promise(resolve => setTimeout(resolve, 10))
    }

    expect(isFull).toBe(true)
    await Promise.all([server.close(), client.close()])
    expectNoLeaks()
  },
)
