import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import lodger from '../fixtures/actors/lodger.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { nextEvent } from '../fixtures/next-event.js'
import { ControlRelay } from '../fixtures/nodes/control-relay.js'
import { runCommand, type CommandRun } from '../fixtures/run-command.js'
import { startSystem, type NodeFaultError, type System } from '../index.js'

expectNoLeaksAfterEach()

let node: CommandRun
let relay: ControlRelay
beforeEach(async () => {
  node = runCommand('--listen', 'tcp://127.0.0.1:*', '--root', '/')
  relay = await ControlRelay.start(/^node: (\S+) lends/.exec(await node.line())?.[1] as string)
})
afterEach(async () => {
  await relay[Symbol.asyncDispose]()
  await node[Symbol.asyncDispose]()
})

const start = (...names: readonly string[]): Promise<System> =>
  startSystem({
    threads: 1,
    nodes: names.map(name => ({ name, endpoint: relay.endpoint })),
    handleSignals: false,
    startMs: 60_000,
    root: 'file:///',
  })

const NONSENSE: Readonly<Record<string, string | readonly string[]>> = {
  'no JSON': 'rhubarb',
  'two frames': ['{"beat":1}', '{"beat":2}'],
  'a report of no kind': '[1,0,[],[[{"kind":"rhubarb"}]]]',
  'a signal of no kind': '[1,0,[],[[{"kind":"signal","thread":1,"signal":"rhubarb","data":{}}]]]',
  'the end of a thread that never was': '[99,0,[],[[{"kind":"down","thread":7}]]]',
  'something deep': `[1,0,[],[${'['.repeat(50_000)}${']'.repeat(50_000)}]]`,
}

describe('a node that says what cannot be read', () => {
  test('loses its session alone, which is reported, counted and replaced', async () => {
    await using system = await start('a')
    const [local, ref] = [
      await system.spawn(lodger),
      await system.spawn(lodger, { placement: { node: 'a' }, maxRestarts: Infinity }),
    ]

    for (const nonsense of Object.values(NONSENSE)) {
      const [failed, hostDown, restarted] = [
        nextEvent(system, 'node-failed'),
        nextEvent(system, 'host-down'),
        nextEvent(system, 'actor-restarted'),
      ]
      await relay.say(nonsense)

      expect(await failed).toMatchObject({
        node: 'a',
        error: {
          name: 'NodeFaultError',
          code: 'ZERA_NODE_FAULT',
          node: 'a',
          endpoint: relay.endpoint,
          reason: expect.any(String) as string,
        },
      })
      expect(await hostDown).toMatchObject({ reason: 'unreachable', error: { name: 'NodeFaultError' } })
      expect(await local.ask.echo(1)).toBe(1)
      await restarted
      expect(await ref.ask.echo(2)).toBe(2)
    }

    expect(await system.snapshot()).toMatchObject({ nodeFaults: Object.keys(NONSENSE).length })
  })

  test('at once is no node to start with', async () => {
    relay.instead = said => (said.startsWith('{"opened"') ? 'rhubarb' : undefined)

    await expect(start('a')).rejects.toMatchObject({
      name: 'NodeFaultError',
      reason: 'a text is no JSON',
    } satisfies Partial<NodeFaultError>)
  })

  test('of where its thread is sends no host there', async () => {
    relay.instead = said => (said.includes('"started"') ? said.replace(/tcp:[^"]+/, 'ipc:///tmp/elsewhere') : undefined)

    await expect(start('a')).rejects.toMatchObject({
      name: 'ThreadStartError',
      cause: {
        name: 'NodeFaultError',
        reason: expect.stringContaining('at an endpoint that cannot be its own') as string,
      },
    })
  })
})

test('a system is called by each of its nodes by another name, of chance', async () => {
  // The second is refused, since the node has only one tenant at a time.
  await expect(start('a', 'b')).rejects.toMatchObject({ name: 'NodeRefusedError' })

  const names = new Set(
    relay.bySystems
      .filter(text => text.startsWith('{"open"'))
      .map(text => (JSON.parse(text) as { open: { system: string } }).open.system),
  )
  expect(names.size).toBe(2)
  for (const name of names) expect(name).toMatch(/^[0-9a-f]{32}$/)
})
