import { describe, expect, test } from 'vitest'
import lodger from '../fixtures/actors/lodger.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { Relays } from '../fixtures/nodes/relays.js'
import { runCommand } from '../fixtures/run-command.js'
import { startSystem, type NodeFaultError } from '../index.js'

expectNoLeaksAfterEach()

/** Changes the end of a frame that is JSON, in what goes to or comes from a door, once. */
function bendOnce(relays: Relays, controls: readonly number[], bent: 'client' | 'listener'): void {
  relays.bend = (chunk, port, from) => {
    const at = controls.includes(port) || from !== bent ? -1 : chunk.lastIndexOf(']]]')
    if (at < 0) return chunk
    relays.bend = undefined
    return Buffer.concat([chunk.subarray(0, at), Buffer.from(']]}'), chunk.subarray(at + 3)])
  }
}

async function startNode(relays: Relays): Promise<ReturnType<typeof runCommand> & { readonly port: number }> {
  const run = runCommand('--listen', 'tcp://127.0.0.1:*', '--root', '/')
  const [, port, pid] = /127\.0\.0\.1:(\d+) lends .*\(process (\d+)\)/.exec(await run.line()) ?? []
  relays.watch(Number(pid))
  return { ...run, port: Number(port) }
}

describe.runIf(process.platform === 'linux')('a link that brings what no link sends', () => {
  test.each([
    // The node of the actor is at fault, and the system finds it.
    ['from a node', 'listener', /a thread of it has sent host 0 what cannot be read: it is no JSON/],
    // The system is, as far as the node knows.
    ['to a node', 'client', /has ended the session: its host 0 has sent host \d+ what cannot be read: it is no JSON/],
  ] as const)('%s ends the session with that node, and nothing else', async (_way, bent, reason) => {
    await using relays = new Relays()
    await using odd = await startNode(relays)
    await using fine = await startNode(relays)
    const controls = [odd.port, fine.port]
    const nodes = controls.map(port => ({ name: `at ${port}`, endpoint: `tcp://127.0.0.2:${port}` }))
    await using system = await startSystem({
      threads: 1,
      nodes,
      handleSignals: false,
      startMs: 60_000,
      root: 'file:///',
    })
    const [first, second, local] = [
      await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity }),
      await system.spawn(lodger, { placement: 'any-node' }),
      await system.spawn(lodger),
    ]
    const pids = await Promise.all([first, second, local].map(ref => ref.ask.pid()))
    const [failed, down, restarted] = [
      nextEvent(system, 'node-failed'),
      nextEvent(system, 'host-down'),
      nextEvent(system, 'actor-restarted'),
    ]

    bendOnce(relays, controls, bent)
    const asked = first
      .ask({ timeoutMs: 60_000 })
      .pid()
      .catch((error: unknown) => error)
    const { host, error } = await down
    await restarted

    expect(host).toBe(first.address.host)
    expect((error as Error).message).toMatch(reason)
    expect(await asked).toMatchObject({ name: 'ActorDownError', reason: 'unreachable' })
    if (bent === 'listener') expect(((await failed) satisfies { error: NodeFaultError }).node).toBe(`at ${odd.port}`)
    expect(await Promise.all([first, second, local].map(ref => ref.ask.pid()))).toEqual(pids)
    if (bent === 'client') {
      odd.kill('SIGTERM')
      expect((await odd.ended).stderr).toContain('what cannot be read: it is no JSON')
    }
  })

  test('between two nodes ends the session of the one that has sent it', async () => {
    await using relays = new Relays()
    await using one = await startNode(relays)
    await using other = await startNode(relays)
    const controls = [one.port, other.port]
    const nodes = controls.map(port => ({ name: `at ${port}`, endpoint: `tcp://127.0.0.2:${port}` }))
    await using system = await startSystem({
      threads: 0,
      nodes,
      handleSignals: false,
      startMs: 60_000,
      root: 'file:///',
    })
    const [first, second] = [
      await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity }),
      await system.spawn(lodger, { placement: 'any-node', maxRestarts: Infinity }),
    ]
    await first.ask.askOther(second)
    const [failed, restarted] = [nextEvent(system, 'node-failed'), nextEvent(system, 'actor-restarted')]

    relays.bend = (chunk, port) => {
      // It is the only link by which a method is called that no other calls.
      const at = controls.includes(port) ? -1 : chunk.indexOf('"taken"')
      if (at < 0) return chunk
      relays.bend = undefined
      return Buffer.concat([chunk.subarray(0, at), Buffer.from('"taken}'), chunk.subarray(at + 7)])
    }
    const asked = first
      .ask({ timeoutMs: 60_000 })
      .takenOf(second)
      .catch((error: unknown) => error)
    const { node } = await failed
    await restarted

    expect(node).toBe(`at ${one.port}`)
    expect(await asked).toBeInstanceOf(Error)
    expect(await first.ask({ timeoutMs: 60_000 }).takenOf(second)).toEqual([])
  })
})

test('a message between processes that is too large is refused where it is sent, and so is an answer, and others go on', async () => {
  await using system = await startSystem({ threads: 0, handleSignals: false, startMs: 60_000 })
  const ref = await system.spawn(lodger, { placement: 'own-process' })
  const sizeBytes = 50 * 1024 * 1024

  await expect(ref.ask.echo(new Uint8Array(sizeBytes))).rejects.toMatchObject({ code: 'ZERA_MESSAGE_TOO_LARGE' })
  expect(() => ref.tell.echo(new Uint8Array(sizeBytes))).toThrow(
    expect.objectContaining({ code: 'ZERA_MESSAGE_TOO_LARGE' }),
  )
  await expect(ref.ask({ timeoutMs: 60_000 }).zeros(sizeBytes)).rejects.toMatchObject({
    code: 'ZERA_MESSAGE_TOO_LARGE',
  })
  expect(await ref.ask({ timeoutMs: 60_000 }).zeros(1024 * 1024)).toHaveLength(1024 * 1024)
})
