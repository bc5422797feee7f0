import { expect, test } from 'vitest'
import { openSocket } from '../../sockets/here/open-socket.js'
import { expectNoLeaks } from '../owning/resources.js'
import { Poller } from '../receiving/poller.js'

test('a receive and a poll whose deadlines have passed give what had come in time', async () => {
  {
    await using pull = await openSocket('PULL', { receiveTimeout: 30 })
    await using polled = await openSocket('PULL')
    await using push = await openSocket('PUSH')
    await using other = await openSocket('PUSH')
    await push.connect(await pull.bind('tcp://127.0.0.1:*'))
    await other.connect(await polled.bind('tcp://127.0.0.1:*'))
    const received = pull.receive()
    const aborted = polled.receive({ signal: AbortSignal.timeout(30) })
    await Promise.all([push.send('in time'), other.send('in time')])
    for (const begun = performance.now(); performance.now() - begun < 100;);

    expect([String(await received), String(await aborted)]).toEqual(['in time', 'in time'])
    const poller = new Poller().add(polled)
    const ready = poller.wait({ timeoutMs: 30 })
    await other.send('in time')
    for (const begun = performance.now(); performance.now() - begun < 100;);

    expect(await ready).toBe(polled)
    await expect(pull.receive()).rejects.toMatchObject({ name: 'WouldBlockError' })
  }
  expectNoLeaks()
})
