import { describe, expect, test } from 'vitest'
import { atCaller, rejectingAtCaller } from './caller-lines.js'
import { SocketError } from './errors.js'

function verb(make: () => unknown): unknown {
  return between(() => atCaller(make(), verb))
}

function between(make: () => unknown): unknown {
  return make()
}

function namedCaller(make: () => unknown): unknown {
  return verb(make)
}

describe('atCaller()', () => {
  test('has the stack of an error begin with the caller', () => {
    const error = namedCaller(() => new SocketError('no')) as SocketError

    const [title, first] = (error.stack ?? '').split('\n')
    expect(title).toBe('SocketError: no')
    expect(first).toMatch(/at namedCaller /u)
  })

  test.each([
    ['an error of others', new RangeError('no')],
    ['what is no error', { stack: 'mine' }],
  ])('leaves %s as it is', (_what, thrown) => {
    const { stack } = thrown

    expect(namedCaller(() => thrown)).toBe(thrown)
    expect(thrown.stack).toBe(stack)
  })

  test('leaves an error as it is whose caller is not on the stack', () => {
    const error = new SocketError('no')
    const { stack } = error

    expect(atCaller(error, verb).stack).toBe(stack)
  })
})

describe('rejectingAtCaller()', () => {
  test.each([
    ['awaits', async (promise: Promise<unknown>) => await promise],
    ['returns', async (promise: Promise<unknown>) => promise],
  ])('shows who %s a promise that has rejected already', async (_how, wait) => {
    const thrown = new SocketError('no')
    const namedWaiter = async (): Promise<unknown> =>
      await wait(rejectingAtCaller(Promise.reject(thrown), setImmediate))

    await expect(namedWaiter()).rejects.toBe(thrown)

    expect(thrown.stack).toMatch(/^SocketError: no\n[^]*at (async )?namedWaiter /u)
  })

  test('resolves as the promise does', async () => {
    expect(await rejectingAtCaller(Promise.resolve(1), setImmediate)).toBe(1)
  })
})
