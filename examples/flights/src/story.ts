import { ActorDownError, type ActorIdentity, type SystemEvent } from '@zera/actors'
import { describeDown } from '@zera/core'
import { formatAmount, formatSeconds } from './format.js'

/** A part of the file that is given out again, because the worker that had it died or threw. */
interface RepeatEvent {
  readonly type: 'part-repeated'
  readonly event: { readonly part: number; readonly worker: string; readonly error: unknown }
}

/** Something that happened, with the time since the start. */
export type StoryEvent = (SystemEvent | RepeatEvent) & { readonly atMs: number }

/** Says in a line what has happened; nothing when it is no news. */
export function describeEvent(happened: StoryEvent): string | undefined {
  const text = describe(happened)
  return text === undefined ? undefined : `  at ${formatSeconds(happened.atMs, 2)}  ${text}`
}

/** Tells at the end which actors were restarted and which parts were counted again, and why. */
export function renderStory(story: readonly StoryEvent[]): string {
  const restarts = story.flatMap((happened, index) =>
    happened.type === 'actor-restarted' ? describeRestart(story.slice(0, index), happened) : [],
  )
  const repeats = story.flatMap(happened => (happened.type === 'part-repeated' ? [describeRepeat(happened)] : []))
  const told = [...restarts, ...repeats]
  return [
    'What was restarted, and why',
    '',
    ...(told.length > 0 ? told : ['Nothing: no actor failed, and no thread went down.']),
  ].join('\n')
}

function describe({ type, event }: StoryEvent): string | undefined {
  switch (type) {
    case 'host-down':
      return `${event.actors.map(nameOf).join(', ') || `host ${event.host}`}: its thread is down, ${describeDown({ thread: '', ...event })}`
    case 'actor-failed':
      // When its thread is down, that was reported already.
      return event.isThreadDown
        ? undefined
        : `${nameOf(event.actor)}: ${event.method ?? 'it'}() threw ${String(event.error)}`
    case 'part-repeated':
      return `part ${event.part + 1} goes to the next free worker`
    case 'actor-restarted':
      return `${nameOf(event.actor)}: restarted by its supervisor`
    case 'actor-given-up':
      return `${nameOf(event.actor)}: given up by its supervisor, ${String(event.error)}`
    case 'host-failed':
      return `host ${event.host}: its next thread did not start, ${String(event.error)}`
    case 'dead-letter':
      return `dead letter: ${event.method}() was not handled (${event.reason})`
    case 'messages-lost':
      return `host ${event.host}: ${formatAmount(event.messages, 'unsent message')} died with its thread`
    default:
      // Starts and stops go without saying.
      return undefined
  }
}

type Restart = Extract<StoryEvent, { readonly type: 'actor-restarted' }>
type Failure = Extract<StoryEvent, { readonly type: 'actor-failed' }>
type HostDown = Extract<StoryEvent, { readonly type: 'host-down' }>

function describeRestart(before: readonly StoryEvent[], { event, atMs }: Restart): string[] {
  const { id, host } = event.actor
  const failure = before.findLast(
    (earlier): earlier is Failure => earlier.type === 'actor-failed' && earlier.event.actor.id === id,
  )
  const { method, isThreadDown = false } = failure?.event ?? {}
  const down = before.findLast(
    (earlier): earlier is HostDown => earlier.type === 'host-down' && earlier.event.host === host,
  )
  const cause =
    isThreadDown && down !== undefined
      ? `its thread went down: ${describeDown({ thread: '', ...down.event })}`
      : `${method ?? 'its start'}() threw ${String(event.error)}`
  const name = nameOf(event.actor)
  return [
    `${name}  ${cause}`,
    `${''.padEnd(name.length)}  restarted on ${isThreadDown ? 'a new' : 'the same'} thread, ${formatSeconds(atMs - (failure?.atMs ?? atMs), 2)} later`,
  ]
}

function describeRepeat({ event }: RepeatEvent): string {
  return `Part ${event.part + 1} was counted again: ${event.worker} ${howItFailed(event.error)}.`
}

function howItFailed(error: unknown): string {
  if (!(error instanceof ActorDownError)) return 'threw'
  switch (error.progress) {
    case 'begun':
      return 'died while it counted it'
    case 'not-begun':
      return 'died before it had begun'
    case 'handled':
      return 'died before it could answer'
  }
}

function nameOf({ name, definition }: ActorIdentity): string {
  return name || definition
}
