import { describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { Inbox } from '../../fixtures/links/link-inbox.js'
import { startFixture } from '../../fixtures/threads/threads.js'

expectNoLeaksAfterEach()

describe('AttachedThread', () => {
  test('knows its name, incarnation and data', async () => {
    const data = { when: new Date(5), map: new Map([[1, 2n]]) }
    await using thread = await startFixture('signals', {
      name: 'answerer',
      incarnation: 4,
      data: { text: 'x', numbers: [1] },
    })
    const inbox = new Inbox()
    thread.receive(inbox)

    thread.link.outbox.post(JSON.stringify(data.when))
    await inbox.until(() => inbox.messages.length === 1)

    expect(inbox.bodies).toEqual([
      { body: data.when.toJSON(), name: 'answerer', incarnation: 4, data: { text: 'x', numbers: [1] } },
    ])
  })

  test('receive() takes what had arrived before, signals and what they hand over too', async () => {
    await using thread = await startFixture('signals')
    const memory = new SharedArrayBuffer(8)
    thread.link.signal({ signal: 'share', data: { sizeBytes: 8 } }, { content: memory })
    const inbox = new Inbox()
    thread.receive(inbox)

    await inbox.until(() => inbox.signals.length === 1)

    const [answer] = inbox.signals
    new Uint8Array(memory)[3] = 9
    expect(answer).toMatchObject({ signal: 'share too', data: { sizeBytes: 8 } })
    expect(new Uint8Array(answer?.handedOver as SharedArrayBuffer)[3]).toBe(9)
  })

  test('ends by a signal that it does not know, instead of dropping it', async () => {
    const thread = await startFixture('obey')

    thread.link.signal({ signal: 'rhubarb' })

    expect(await thread.down).toMatchObject({ reason: 'threw', error: { code: 'ZERA_MALFORMED_MESSAGE' } })
    await thread.stop()
  })
})
