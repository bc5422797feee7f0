import { describe, expect, test } from 'vitest'
import { ReadyWorkers } from './ready-workers.js'

const frames = (...texts: string[]): Buffer[] => texts.map(text => Buffer.from(text))

describe('ReadyWorkers', () => {
  test('take() gives the worker that has been ready for the longest time', async () => {
    const workers = new ReadyWorkers()
    for (const worker of ['ann', 'bob', 'ann']) workers.hear(frames(worker, '', 'READY'))

    expect([await workers.take(), await workers.take(), await workers.take()].map(String)).toEqual([
      'ann',
      'bob',
      'ann',
    ])
  })

  test('take() waits for a worker, in the order of its calls', async () => {
    const workers = new ReadyWorkers()
    const taken = [workers.take(), workers.take()]

    workers.hear(frames('ann', '', 'READY'))
    workers.hear(frames('bob', '', 'READY'))

    expect((await Promise.all(taken)).map(String)).toEqual(['ann', 'bob'])
  })

  test('hear() passes the reply to a request on once, and the worker is ready again', async () => {
    const workers = new ReadyWorkers()
    workers.assign(Buffer.from('ann'), frames('client', '', 'Hello'))

    const reply = workers.hear(frames('ann', '', 'client', '', 'World'))
    const again = workers.hear(frames('ann', '', 'client', '', 'World'))

    expect(String(reply)).toBe('client,,World')
    expect(again).toBe('unknown')
    expect(String(await workers.take())).toBe('ann')
    expect(workers.awaited).toBe(0)
  })

  test('hear() knows replies that come in another order than their requests', () => {
    const workers = new ReadyWorkers()
    workers.assign(Buffer.from('ann'), frames('first', '', 'Hello'))
    workers.assign(Buffer.from('ann'), frames('second', '', 'Hello'))

    expect(String(workers.hear(frames('ann', '', 'second', '', '2')))).toBe('second,,2')
    expect(String(workers.hear(frames('ann', '', 'first', '', '1')))).toBe('first,,1')
  })

  test.each([
    [['ann']],
    [['ann', '']],
    [['ann', 'READY']],
    [['ann', '', 'rhubarb']],
    [['ann', '', 'client', '', 'a reply to nothing']],
  ])('hear() makes nothing of %j', said => {
    expect(new ReadyWorkers().hear(frames(...said))).toBe('unknown')
  })

  test('hear() hears no more than 65,536 words READY ahead', () => {
    const workers = new ReadyWorkers()
    const words = Array.from({ length: 65_537 }, () => workers.hear(frames('ann', '', 'READY')))

    expect(words.indexOf('unknown')).toBe(65_536)
  })

  test('lose() gives the envelopes of what a worker has not answered, once', () => {
    const workers = new ReadyWorkers()
    workers.assign(Buffer.from('ann'), frames('client', '', 'Hello'))
    workers.assign(Buffer.from('ann'), frames('no empty frame', 'Hello'))
    workers.assign(Buffer.from('bob'), frames('other', '', 'Hello'))

    expect(workers.lose(Buffer.from('ann')).map(String)).toEqual(['client,', 'no empty frame'])
    expect(workers.lose(Buffer.from('ann'))).toEqual([])
    expect(workers.awaited).toBe(1)
  })

  test('unassign() takes back what was assigned last', () => {
    const workers = new ReadyWorkers()
    workers.assign(Buffer.from('ann'), frames('first', '', 'Hello'))
    workers.assign(Buffer.from('ann'), frames('second', '', 'Hello'))

    workers.unassign(Buffer.from('ann'))

    expect(workers.lose(Buffer.from('ann')).map(String)).toEqual(['first,'])
    expect(workers.awaited).toBe(0)
  })
})
