import { NotCloneableError, PipeClosedError } from '@zera/core'
import { encodeValues } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { ODD_THENABLES, ODD_THROWN } from '../../../../core/dist/fixtures/odd-values.js'
import { uncaughtOf } from '../../../../core/dist/fixtures/uncaught.js'
import { SYSTEM } from '../../model/address.js'
import { MailboxFullError } from '../../model/errors.js'
import type { DeadLetter } from '../../model/events/dead-letter.js'
import { serviceAt, type ServiceClient } from './service-client.js'
import { SystemClient } from './system-client.js'
import type { SystemService } from './system-service.js'

const letter: DeadLetter = {
  target: { host: 1, id: 16 },
  sender: undefined,
  method: 'add',
  args: [1],
  reason: 'actor-stopped',
  progress: undefined,
  error: undefined,
}

/** A system that takes messages. */
function serviceWith(tellService: (method: string, args: unknown[]) => void): ServiceClient<SystemService> {
  return serviceAt<SystemService>(
    {
      askService: () => Promise.reject(new Error('never asked')),
      tellService: (_to, method, args) => tellService(method, args),
    },
    SYSTEM,
  )
}

/** A line whose records end as the test says. */
function openLine(record: (letter: DeadLetter) => void) {
  const told: unknown[][] = []
  let makeRoom: () => void = () => undefined
  let held = 0
  const line = new SystemClient(1, {
    tell: serviceWith((method, args) => void told.push([method, ...args])).tell,
    record: { deadLetter: record },
    ready: () => new Promise(resolve => (makeRoom = resolve)),
    hold: messages => void (held += messages),
  })
  return { line, told, makeRoom: () => makeRoom(), held: () => held }
}

describe('SystemClient', () => {
  test('tells of a failure with an error that can travel', () => {
    const { line, told } = openLine(() => undefined)
    const error = new TypeError('no', { cause: () => undefined })

    line.failed(16, error, 'add')

    expect(told).toEqual([['failed', 16, expect.objectContaining({ name: 'TypeError', message: 'no' }), 'add']])
    expect((told[0] as [unknown, unknown, Error])[2]).not.toHaveProperty('cause')
  })

  test('records a dead letter that cannot be cloned as what it looks like', () => {
    const recorded: DeadLetter[] = []
    const { line } = openLine(made => {
      if (typeof made.args[0] === 'function') throw new NotCloneableError('a function', '')
      recorded.push(made)
    })

    line.deadLetter({ ...letter, args: [() => undefined, Object.create(null)] })

    expect(recorded).toMatchObject([
      { method: 'add', args: ['[Function (anonymous)]', '[Object: null prototype] {}'], isText: true },
    ])
  })

  test.each([...ODD_THROWN, ...ODD_THENABLES])('records a dead letter with $name in it', ({ make }) => {
    const recorded: DeadLetter[] = []
    const { line } = openLine(made => {
      encodeValues([made])
      recorded.push(made)
    })

    line.deadLetter({ ...letter, args: [make(), { inner: make() }], error: make() as Error })

    expect(recorded).toMatchObject([{ method: 'add' }])
  })

  test('counts a dead letter that cannot be reported at all, and says why', async () => {
    const { line, held } = openLine(() => {
      throw new PipeClosedError('0')
    })

    const uncaught = await uncaughtOf(1, () => line.deadLetter(letter))

    expect(uncaught).toMatchObject([{ code: 'ZERA_PIPE_CLOSED' }])
    expect(held()).toBe(1)
  })

  test('counts dead letters that find no room, and tells how many there were when there is room again', async () => {
    const { line, told, makeRoom, held } = openLine(() => {
      throw new MailboxFullError('#1@0', 'full')
    })

    for (let n = 0; n < 1000; n++) line.deadLetter(letter)
    expect([told, held()]).toEqual([[], 1000])
    makeRoom()
    await Promise.resolve()

    expect([told, held()]).toEqual([[['lost', 1, 1000]], 1000])
    line.close()
    expect(held()).toBe(0)
  })
})
