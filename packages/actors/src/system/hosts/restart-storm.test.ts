import { describe, expect, test } from 'vitest'
import { runProgram } from '../../fixtures/run-program.js'

describe('a thread that dies again and again, right after its start', () => {
  test.concurrent.each(['shared', 'own-thread'])(
    'is started later and later (%s), the process stays for it, and a stop does not wait',
    async placement => {
      const { code, signal, stdout, stderr } = await runProgram('programs/main-storms', [placement])

      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
      // As many threads as deaths: no other was started.
      expect(JSON.parse(stdout)).toEqual({ isAtOnce: true, threads: 0, threadCount: 0 })
    },
  )
})
