import { readFileSync } from 'node:fs'
import { aborted, realTimers, type LinkedSelf } from '@zera/core/internal'
import type { FromObserver, ObserverSeed, Structure, ToObserver } from '../model/messages.js'
import type { SystemState } from '../model/state.js'
import { hotStackOf } from '../profiling/cpu-profile.js'
import { ProfileError, profileThread, recordHeap, recordTime } from '../profiling/inspection.js'
import { WatchedSystem } from '../watching/watched-system.js'
import { AskedMain } from './asked-main.js'
import { metricsOf } from './metrics.js'
import { readAct } from './read-act.js'
import { PageServer, type Action, type EventSink, type Route } from './server.js'

/** Milliseconds between two looks at the system, for windows that slide. */
const LOOK_MS = 1000
/** The same while no page is open: what a page needs that is opened then. */
const LOOK_UNSEEN_MS = 10_000
const PROFILE_MS = { short: 100, most: 30_000 }

/** The life of the thread that shows a system. It hosts nothing, and waits for no other thread. */
export default async function observerThread(thread: LinkedSelf): Promise<void> {
  const seed = thread.data as ObserverSeed
  const say = (said: FromObserver): void => thread.link.signal(said)
  const system = new WatchedSystem(seed, realTimers.epochMs)
  const main = new AskedMain(say)
  thread.receive({
    message: () => undefined,
    signal: (signal, handedOver) => {
      const said = signal as ToObserver
      if (said.signal === 'structure') system.structured(handedOver as Structure)
      else if (said.signal === 'happened') system.happened(said.data)
      else if (said.signal === 'acted' || said.signal === 'traced') main.answered(said.data)
      else {
        system.detailed(said.data)
        main.hasLooked()
      }
    },
  })
  const pages = new Set<EventSink>()
  const routes = new Map<string, Route>([
    ...pageRoutes(),
    [
      '/api/state',
      async answer => {
        await main.looked()
        answer.json(200, system.look())
      },
    ],
    [
      '/api/actor',
      (answer, query) => {
        const actor = system.actor(Number(query.get('id')))
        if (actor === undefined) answer.json(404, { error: 'There is no such actor any more' })
        else answer.json(200, actor)
      },
    ],
    ['/api/traces', async answer => answer.json(200, await main.traces())],
    [
      '/api/live',
      answer => {
        const sink = answer.stream(() => sink !== undefined && pages.delete(sink))
        if (sink === undefined) return
        pages.add(sink)
        main.look()
        sink.send('state', system.look())
      },
    ],
    [
      '/api/stack',
      async (answer, query) =>
        answer.json(200, hotStackOf(await profile(system, query, recordTime, PROFILE_MS.short)) ?? null),
    ],
    ['/api/profile', async (answer, query) => answer.json(200, await profile(system, query, recordTime))],
    ['/api/heap', async (answer, query) => answer.json(200, await profile(system, query, recordHeap))],
    ['/metrics', answer => answer.send(200, 'text/plain; version=0.0.4; charset=utf-8', metricsOf(system.look()))],
    ['/healthz', answer => answer.send(200, 'text/plain; charset=utf-8', 'ok\n')],
    [
      '/readyz',
      answer => {
        const why = unreadiness(system.look())
        answer.send(why === undefined ? 200 : 503, 'text/plain; charset=utf-8', `${why ?? 'ready'}\n`)
      },
    ],
  ])
  const actions = new Map<string, Action>([
    [
      '/api/control',
      async (answer, body, by) => {
        const { isDone, text } = await main.act(readAct(body), by)
        answer.json(isDone ? 200 : 409, isDone ? { done: text } : { error: text })
      },
    ],
  ])
  thread.ready()
  const server = await PageServer.listen({ ...seed, routes, actions, failed: () => undefined }).catch(
    (error: Error) => {
      say({ signal: 'failed', data: { message: error.message } })
    },
  )
  if (server !== undefined) say({ signal: 'listening', data: { port: server.port } })
  const looking = lookAgain(system, pages, () => main.look())
  await aborted(thread.stopping)
  realTimers.clearInterval(looking)
  await server?.close()
}

/** Shows the system to all open pages, and keeps its windows. */
function lookAgain(system: WatchedSystem, pages: ReadonlySet<EventSink>, ask: () => void): NodeJS.Timeout {
  let unseenMs = 0
  return realTimers.setInterval(() => {
    unseenMs += LOOK_MS
    if (pages.size === 0 && unseenMs < LOOK_UNSEEN_MS) return
    unseenMs = 0
    const state = system.look()
    for (const page of pages) if (!page.isBehind) page.send('state', state)
    if (pages.size > 0) ask()
  }, LOOK_MS)
}

/** Why the system cannot take work now; undefined when it can. */
function unreadiness({ threads, tree }: SystemState): string | undefined {
  const stuck = threads.find(({ condition }) => condition === 'blocked' || condition === 'down')
  if (stuck !== undefined) return `${stuck.name} is ${stuck.condition}`
  const down = tree.find(({ state }) => state === 'starting' || state === 'down')
  return down === undefined ? undefined : `${down.id} is ${down.state}`
}

/** @throws {ProfileError} When there is no such thread here, or it does not answer. */
function profile<P>(
  system: WatchedSystem,
  query: URLSearchParams,
  what: Parameters<typeof profileThread<P>>[1],
  defaultMs = 1000,
): Promise<P> {
  const host = Number(query.get('host') ?? 0)
  const ms = Math.min(PROFILE_MS.most, Math.max(10, Number(query.get('ms') ?? defaultMs) || defaultMs))
  const threadId = system.threadIdOf(host)
  if (threadId === undefined) throw new ProfileError(`Cannot profile host ${host}: it has no thread in this process`)
  return profileThread(threadId, what, () => new Promise(resolve => realTimers.setTimeout(resolve, ms)))
}

const PAGE = [
  ['/', new URL('../page/page.html', import.meta.url), 'text/html; charset=utf-8'],
  ['/page.css', new URL('../page/page.css', import.meta.url), 'text/css; charset=utf-8'],
  ['/page.js', new URL('../page/page.js', import.meta.url), 'text/javascript; charset=utf-8'],
] as const

/** The page and its parts, which are read when the first asks for them. */
function pageRoutes(): [path: string, route: Route][] {
  return PAGE.map(([path, url, type]) => {
    let content: Buffer | undefined
    return [path, answer => answer.send(200, type, (content ??= readFileSync(url)))]
  })
}
