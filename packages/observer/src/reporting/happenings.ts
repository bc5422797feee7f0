import type { ActorIdentity, BlackBoxReport, SystemEvent } from '@zera/actors/internal'
import { messageOf } from '@zera/core/internal'
import type { Happening } from '../model/state.js'
import { titleOf } from '../model/title-of.js'

const LIST = new Intl.ListFormat('en')
const MOST_CALLS = 3
/** Stacks and texts are cut at so many characters: a history is bounded. */
const LONGEST = 4000

/** What an event of a system comes to in its history; undefined when it is not worth a line. */
export function happeningOf({ type, event }: SystemEvent, atMs: number): Happening | undefined {
  const line = (text: string, about: Partial<Omit<Happening, 'type' | 'atMs' | 'text'>> = {}): Happening => ({
    type,
    atMs,
    text,
    host: undefined,
    actor: undefined,
    error: undefined,
    blackBox: undefined,
    ...about,
  })
  switch (type) {
    case 'host-down': {
      const { host, incarnation, reason, error, blackBox } = event
      const titles = new Map(event.actors.map(actor => [actor.id, titleOf(actor)]))
      const doing = doingOf(blackBox, titles)
      return line(`Thread ${host}.${incarnation} went down: ${reason}${doing}`, {
        host,
        error: errorOf(error),
        blackBox: blackBox.entries.map(entry => ({
          atMs: entry.atMs,
          what: entry.what,
          text: `${entry.kind} ${entry.method}() of ${titles.get(entry.actor) ?? `actor ${entry.actor}`}`,
        })),
      })
    }
    case 'host-started':
      return event.incarnation === 1
        ? undefined
        : line(`Thread ${event.host}.${event.incarnation} runs`, { host: event.host })
    case 'host-failed':
      return line(`Thread ${event.host} could not be started again`, { host: event.host, error: errorOf(event.error) })
    case 'host-delayed':
      return line(`Thread ${event.host} died ${event.deaths} times in a row; the next one waits ${event.waitMs} ms`, {
        host: event.host,
      })
    case 'actor-failed': {
      const { actor, method, error, isThreadDown } = event
      const why = isThreadDown ? 'its thread went down' : `${method === undefined ? 'its start' : `${method}()`} threw`
      return line(`${titleOf(actor)} failed: ${why}`, { ...of(actor), error: errorOf(error) })
    }
    case 'actor-restarted':
      return line(`${titleOf(event.actor)} restarted, for the ${ordinal(event.restarts)} time`, of(event.actor))
    case 'restart-delayed':
      return line(`${event.path} failed ${event.restarts} times in a row; its restart waits ${event.waitMs} ms`)
    case 'restart-failed':
      return line(`${event.path} could not be restarted`, { error: errorOf(event.error) })
    case 'actor-given-up':
      return line(`${titleOf(event.actor)} was given up`, { ...of(event.actor), error: errorOf(event.error) })
    case 'child-failed':
      return line(`${event.child.path} failed`, { error: errorOf(event.error) })
    case 'child-restarted':
      return line(`${event.child.path} restarted, for the ${ordinal(event.restarts)} time`, {
        error: errorOf(event.error),
      })
    case 'supervisor-given-up':
      return line(`The supervisor ${event.supervisor || 'of the system'} gave up because of ${event.child}`, {
        error: errorOf(event.error),
      })
    case 'pool-resized':
      return line(`Pool ${event.pool} went from ${event.from} to ${event.to} workers`)
    case 'pool-failed':
      return line(`Pool ${event.pool} could not start a worker`, { error: errorOf(event.error) })
    case 'dead-letter':
      return line(`A message was not handled: ${event.method}() of actor ${event.target.id}, ${event.reason}`, {
        host: event.target.host,
        actor: event.target.id,
        error: errorOf(event.error),
      })
    case 'messages-lost':
      return line(`${event.messages} messages died with thread ${event.host}`, { host: event.host })
    case 'node-failed':
      return line(`Node ${event.node} sent something unreadable`, { error: errorOf(event.error) })
    case 'system-failed':
      return line('The system failed', { error: errorOf(event.error) })
    case 'stopping':
      return line('The system stops')
    default:
      return undefined
  }
}

/** What a thread was handling when it went down: what had it, or else what waited. */
function doingOf({ actors, running }: BlackBoxReport, titles: ReadonlyMap<number, string>): string {
  const calls = actors.flatMap(({ id, handling }) =>
    handling === undefined ? [] : [{ id, call: `${handling.method}() of ${titles.get(id) ?? `actor ${id}`}` }],
  )
  const current = calls.find(({ id }) => id === running)
  if (current !== undefined) return `, in ${current.call}`
  return calls.length === 0 ? '' : `, while ${LIST.format(calls.slice(0, MOST_CALLS).map(({ call }) => call))} waited`
}

function of({ id, host }: ActorIdentity): Pick<Happening, 'host' | 'actor'> {
  return { host, actor: id }
}

/** An error may be anything that a program has thrown, with accessors of its own. */
function errorOf(error: Error | undefined): Happening['error'] {
  if (error === undefined) return undefined
  const read = (key: 'name' | 'stack'): string => {
    try {
      return String(Reflect.get(error, key)).slice(0, LONGEST)
    } catch {
      return '?'
    }
  }
  return { name: read('name'), message: messageOf(error).slice(0, LONGEST), stack: read('stack') }
}

function ordinal(count: number): string {
  const ending = { one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }
  return `${count}${ending[new Intl.PluralRules('en', { type: 'ordinal' }).select(count)]}`
}
