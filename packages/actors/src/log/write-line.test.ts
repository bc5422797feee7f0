import { describe, expect, test } from 'vitest'
import { lineWriter } from './write-line.js'

/** A descriptor that takes so many bytes at a time, or fails with what is said. */
function open(...answers: readonly (number | string)[]) {
  let text = ''
  let calls = 0
  const write = lineWriter(1, (_descriptor, bytes) => {
    const answer = answers[Math.min(calls++, answers.length - 1)]
    if (typeof answer === 'string') throw Object.assign(new Error(answer), { code: answer })
    text += Buffer.from(bytes.subarray(0, answer)).toString()
    return Math.min(answer ?? 0, bytes.length)
  })
  return { write, text: () => text, calls: () => calls }
}

describe('lineWriter()', () => {
  test('writes all of a line, however little is taken at a time', () => {
    const { write, text } = open(2, 'EAGAIN', 3, 'EAGAIN', 'EAGAIN', 1)

    write('a line\n')

    expect(text()).toBe('a line\n')
  })

  test.each(['ENOSPC', 'EIO', 'EPIPE', 'EBADF'])('throws %s at once', code => {
    const { write, calls } = open(code)

    expect(() => write('a line\n')).toThrow(expect.objectContaining({ code }))
    expect(calls()).toBe(1)
  })

  test('begins a line of its own when the one before was cut off', () => {
    const { write, text } = open(3, 'ENOSPC', 'ENOSPC', 100)

    expect(() => write('first\n')).toThrow(expect.objectContaining({ code: 'ENOSPC' }))
    expect(() => write('second\n')).toThrow(expect.objectContaining({ code: 'ENOSPC' }))
    write('third\n')
    write('fourth\n')

    expect(text()).toBe('fir\nthird\nfourth\n')
  })

  test('waits a second for a reader that takes nothing, and then no more until it takes something', () => {
    const answers: (number | string)[] = Array.from({ length: 1003 }, () => 'EAGAIN')
    const { write, text, calls } = open(...answers, 100, 'EAGAIN', 100)

    expect(() => write('first\n')).toThrow(expect.objectContaining({ code: 'EAGAIN' }))
    const before = calls()
    expect(() => write('second\n')).toThrow(expect.objectContaining({ code: 'EAGAIN' }))
    expect([before, calls()]).toEqual([1001, 1002])
    expect(() => write('third\n')).toThrow(expect.objectContaining({ code: 'EAGAIN' }))
    write('fourth\n')
    write('fifth\n')

    expect(text()).toBe('fourth\nfifth\n')
  })
})
