import { mock } from 'node:test'
import { realTimers } from '@zera/core/internal'
import { afterEach, expect, test, vi } from 'vitest'
import Contextual, { worker } from '../../fixtures/actors/talking/contextual.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem } from '../../system/start-system.js'
import { AskTimeoutError } from '../errors.js'

expectNoLeaksAfterEach()

afterEach(() => {
  vi.useRealTimers()
  mock.timers.reset()
})

const fakes = {
  // Node's own processes and sockets hang without nextTick, so Vitest fakes that in threads alone.
  Vitest: () =>
    void vi.useFakeTimers({
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'queueMicrotask',
        'performance',
        'Date',
        'hrtime',
      ],
    }),
  'node:test': () => mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'setImmediate', 'Date'] }),
}

test.each(Object.keys(fakes) as (keyof typeof fakes)[])('faked timers of %s stall nothing', async by => {
  fakes[by]()

  for (const threads of [1, 0]) {
    const system = await startSystem({ threads, compute: { threads: 1 } })
    const [actor, mortal] = [await system.spawn(Contextual), await system.spawn(Contextual)]
    await expect(actor.ask({ timeoutMs: 5 }).hang()).rejects.toBeInstanceOf(AskTimeoutError)
    const down = system.watch(mortal)
    await actor.ask.see(mortal)
    await down
    while (!(await actor.ask.what()).includes('after()')) await realTimers.eventLoopTurned()
    for await (const item of actor.stream.count()) expect(item).toBeUndefined()
    expect(await system.compute(worker, ['x'])).toBeUndefined()
    await system.stop()
  }
})
