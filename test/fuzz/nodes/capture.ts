import { startSystem } from '@zera/actors'
import { openSocket } from '@zera/core'
import echo from '../../stress/leaks/echo.js'

/** What was said between a system and a node, as texts, in order. */
export interface Conversation {
  readonly bySystem: readonly string[]
  readonly byNode: readonly string[]
}

/** Listens to a real system and a real node while actors are started there, talk, lose their threads and are stopped. */
export async function captureConversation(node: string): Promise<Conversation> {
  const [bySystem, byNode]: [string[], string[]] = [[], []]
  const front = await openSocket('ROUTER', { linger: 0, mandatory: false })
  const back = await openSocket('DEALER', { linger: 0, routingId: 'f'.repeat(32) })
  const endpoint = await front.bind('tcp://127.0.0.1:*')
  await back.connect(node)
  let system: Buffer | undefined
  // What comes when both have said farewell is not passed on.
  const forth = (async () => {
    for await (const [id, text] of front) {
      system = id
      bySystem.push(String(text))
      await back.send(String(text)).catch(() => undefined)
    }
  })()
  const forward = (async () => {
    for await (const [text] of back) {
      byNode.push(String(text))
      if (system !== undefined) await front.send([system, String(text)]).catch(() => undefined)
    }
  })()
  await live(endpoint)
  await Promise.all([front.close(), back.close()])
  await Promise.all([forth, forward])
  return { bySystem, byNode }
}

async function live(endpoint: string): Promise<void> {
  const heartbeat = { heartbeatMs: 100, deadlineMs: 60_000 }
  await using system = await startSystem({
    threads: 1,
    nodes: [{ name: 'a', endpoint, threads: 2 }],
    heartbeat,
    handleSignals: false,
    root: 'file:///',
  })
  const refs = await Promise.all(
    ['a', 'a'].map(name => system.spawn(echo, { placement: { node: name }, maxRestarts: Infinity })),
  )
  const [one, other] = refs as [(typeof refs)[0], (typeof refs)[0]]
  await one.ask.echoBy(other, 'hello')
  const restarted = new Promise<void>(resolve => system.events.on('actor-restarted', () => resolve()))
  await system.killHost(one)
  await restarted
  await other.ask.echoBy(one, 'hello')
}
