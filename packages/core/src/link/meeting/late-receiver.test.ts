import { expect, test } from 'vitest'
import { Inbox } from '../../fixtures/links/link-inbox.js'
import { LateReceiver } from './late-receiver.js'

test('LateReceiver passes on what came before its receiver, in order, and then what comes', () => {
  const late = new LateReceiver()
  const inbox = new Inbox()

  late.message('first', 0)
  late.signal({ signal: 'between' }, undefined)
  late.message('second', 1)
  late.receive(inbox)
  late.message('third', 2)

  expect(inbox.messages).toEqual([
    { body: 'first', slot: 0 },
    { body: 'second', slot: 1 },
    { body: 'third', slot: 2 },
  ])
  expect(inbox.signals).toHaveLength(1)
})
