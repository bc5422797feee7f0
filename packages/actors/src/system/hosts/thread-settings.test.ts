import { describe, expect, test } from 'vitest'
import SurroundingsActor from '../../fixtures/actors/surroundings.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { startSystem } from '../start-system.js'

expectNoLeaksAfterEach()

const SYSTEM = { env: { SURROUNDINGS: 'system' }, argv: ['--of', 'system'], execArgv: ['--no-warnings'], stdout: true }

describe('startSystem({ env, argv, execArgv, stdout })', () => {
  test('are as Worker has them on shared, spare and own threads and in jobs; an own thread may have others', async () => {
    const system = await startSystem({ threads: 1, spares: 1, ...SYSTEM })
    let written = ''
    system.stdout.setEncoding('utf8').on('data', (text: string) => (written += text))
    const expected = { env: 'system', argv: ['--of', 'system'], execArgv: ['--no-warnings'] }

    const shared = await system.spawn(SurroundingsActor)
    expect(await shared.ask.look()).toEqual(expected)
    const wasSpare = await system.spawn(SurroundingsActor, { placement: 'own-thread' })
    expect(await wasSpare.ask.look()).toEqual(expected)
    const own = await system.spawn(SurroundingsActor, {
      placement: { ownThread: { env: { SURROUNDINGS: 'own' }, argv: [] } },
      maxRestarts: 5,
    })
    expect(await own.ask.look()).toEqual({ ...expected, env: 'own', argv: [] })
    await system.killHost(own)
    expect(await own.ask.look()).toMatchObject({ env: 'own' })
    expect(await system.compute(() => process.env['SURROUNDINGS'], [])).toBe('system')
    const ended = new Promise(resolve => system.stdout.once('end', resolve))
    await system.stop()
    await ended

    expect(written).toBe('looked\n'.repeat(4))
  })

  test.each([
    { execArgv: ['--nonsense'] },
    { env: { NODE_OPTIONS: '--nonsense' } },
    { argv: 'a' },
    { env: 7 },
    { stdout: 'yes' },
    { execArgv: [7] },
  ])('refuse %j at the door, also without a thread', async options => {
    await expect(startSystem({ threads: 0, ...(options as object) })).rejects.toThrow(TypeError)
    await using system = await startSystem({ threads: 0 })
    await expect(system.spawn(SurroundingsActor, { placement: { ownThread: options as object } })).rejects.toThrow(
      TypeError,
    )
    await expect(system.spawn(SurroundingsActor, { placement: { ownProcess: options } as never })).rejects.toThrow(
      TypeError,
    )
    await expect(system.spawn(SurroundingsActor, { placement: { node: 'a', ownThread: {} } })).rejects.toThrow(
      TypeError,
    )
  })
})
