import { MessageChannel, MessagePort } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Handover } from './handover.js'

describe('Handover', () => {
  let near: Handover
  let far: Handover
  let channel: MessageChannel

  beforeEach(() => {
    channel = new MessageChannel()
    near = new Handover()
    far = new Handover()
    far.open(channel.port2)
  })

  afterEach(() => {
    near.close()
    far.close()
  })

  test('collect() takes shared memory that was left under a ticket', () => {
    near.open(channel.port1)
    const memory = new SharedArrayBuffer(4)

    const ticket = near.offer(memory)
    const collected = far.collect(ticket) as SharedArrayBuffer

    new Uint8Array(memory)[0] = 42
    expect(new Uint8Array(collected)[0]).toBe(42)
  })

  test('collect() takes in any order, each once', () => {
    near.open(channel.port1)
    const tickets = ['a', 'b', 'c'].map(content => near.offer(content))

    const collected = tickets.toReversed().map(ticket => far.collect(ticket))

    expect(collected).toEqual(['c', 'b', 'a'])
    expect(() => far.collect(tickets[0] as number)).toThrow(Error)
  })

  test('offer() before open() waits for the port', () => {
    const { port1, port2 } = new MessageChannel()
    const first = near.offer('early')
    const second = near.offer(port1, [port1])
    near.open(channel.port1)
    const third = near.offer('late')

    const collected = [first, second, third].map(ticket => far.collect(ticket))

    expect(collected).toEqual(['early', expect.any(MessagePort), 'late'])
    ;(collected[1] as MessagePort).close()
    port2.close()
  })

  test('collect() still finds what a side left that has closed', () => {
    near.open(channel.port1)
    const ticket = near.offer('last words')

    near.close()

    expect(far.collect(ticket)).toBe('last words')
  })

  test('close() can be called twice, and before open()', () => {
    near.close()
    near.close()

    expect(() => near.collect(1)).toThrow(Error)
    channel.port1.close()
  })
})
