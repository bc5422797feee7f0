import { rejectToCaller, type Verb } from '@zera/core/internal'
import { describe, expect, test } from 'vitest'
import { fromCaller, withCaller } from './caller-stack.js'

/** A promise like that of an ask, and what settles it later. */
function ask(): {
  readonly answer: Promise<unknown>
  readonly fail: (make: Parameters<typeof rejectToCaller>[1]) => void
} {
  let resolve: (value: unknown) => void = () => undefined
  const answer = new Promise<unknown>(settle => (resolve = settle))
  return { answer, fail: make => setImmediate(() => rejectToCaller(resolve, make)) }
}

async function stackOf(
  awaiting: (answer: Promise<unknown>) => Promise<unknown>,
  make: Parameters<typeof rejectToCaller>[1],
): Promise<string> {
  const { answer, fail } = ask()
  fail(make)
  const error: unknown = await awaiting(answer).catch((thrown: unknown) => thrown)
  return (error as Error).stack ?? ''
}

async function namedCaller(answer: Promise<unknown>): Promise<unknown> {
  return await answer
}

async function outerCaller(answer: Promise<unknown>): Promise<unknown> {
  return await namedCaller(answer)
}

function makeNew(above: Verb): Error {
  return fromCaller(new TypeError('refused'), above)
}

describe('rejectToCaller()', () => {
  test('shows who awaits, and who awaits that', async () => {
    const [title, ...lines] = (await stackOf(outerCaller, makeNew)).split('\n')

    expect(title).toBe('TypeError: refused')
    expect(lines[0]).toMatch(/at (async )?namedCaller \(/u)
    expect(lines[1]).toMatch(/at (async )?outerCaller \(/u)
  })

  test.each([
    ['Promise.all()', async (answer: Promise<unknown>) => await Promise.all([answer, Promise.resolve(1)])],
    ['then()', async (answer: Promise<unknown>) => await answer.then(value => value)],
    ['return', async (answer: Promise<unknown>) => await (async () => answer)()],
  ])('shows who awaits through %s', async (_how, awaiting) => {
    expect(await stackOf(awaiting, makeNew)).toMatch(/\n    at (async )?stackOf \(/u)
  })

  test('rejects a caller that does not await with the same error', async () => {
    const error = new Error('refused')
    const { answer, fail } = ask()

    const caught = new Promise(resolve => void answer.catch(resolve))
    fail(above => withCaller(error, 'add()', above))

    expect(await caught).toBe(error)
  })
})

describe('withCaller()', () => {
  test('keeps the stack of the handler, and adds what was called and by whom', async () => {
    const thrown = new Error('thrown there')
    const there = thrown.stack as string
    const { answer, fail } = ask()
    fail(above => withCaller(thrown, 'add() of actor Counter#16@1', above))

    await expect(namedCaller(answer)).rejects.toBe(thrown)

    expect(thrown.stack?.startsWith(`${there}\n    at ask add() of actor Counter#16@1\n`)).toBe(true)
    expect(thrown.stack).toMatch(/at (async )?namedCaller \(/u)
  })

  test('adds nothing twice, and not for ever, to an error that is thrown again and again', async () => {
    const thrown = new Error('the same')

    for (let round = 0; round < 500; round++)
      await stackOf(namedCaller, above => withCaller(thrown, `add${round}()`, above))

    expect(thrown.stack?.match(/at (async )?namedCaller/gu)).toHaveLength(1)
  })

  test.each([
    ['a text', 'just text'],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    [
      'an error whose stack cannot be read',
      Object.defineProperty(new Error('odd'), 'stack', {
        get: () => {
          throw new Error('read')
        },
      }),
    ],
    ['an error without a stack', Object.assign(new Error('none'), { stack: undefined })],
  ])('leaves %s as it is', async (_what, thrown) => {
    const { answer, fail } = ask()
    fail(above => withCaller(thrown, 'add()', above))

    await expect(namedCaller(answer)).rejects.toBe(thrown)
  })
})
