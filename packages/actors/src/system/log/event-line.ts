import { describeDown } from '@zera/core/internal'
import { formatActor } from '../../model/address.js'
import type { ActorIdentity, SystemEvent, SystemEvents } from '../../model/events/events.js'
import { describeBusy, stallIn } from '../../model/events/stall.js'
import type { LogData, LogLevel } from '../../model/log.js'

/** What is logged of an event. */
export interface EventLine {
  readonly level: LogLevel
  /** The subject of the event, in words: repeated failures are counted for each subject. */
  readonly about: string
  readonly text: string
  readonly host?: number | undefined
  /** The actor that it is about, if it is one. */
  readonly actor?: string | undefined
  readonly data?: LogData | undefined
}

const MAX_NAMES = 10

/**
 * The log line for a failure in a system, or for the reaction to one. Undefined for normal events: starts, stops, and
 * the growth of pools.
 *
 * @param nowMs When it happened, in milliseconds since the Unix epoch.
 */
export function eventLine(event: SystemEvent, nowMs: number): EventLine | undefined {
  switch (event.type) {
    case 'host-down':
      return hostDown(event.event, nowMs)
    case 'host-failed': {
      const { host, error } = event.event
      return {
        level: 'error',
        about: String(host),
        host,
        text: 'a thread could not be started again',
        data: { err: error },
      }
    }
    case 'host-delayed': {
      const { host, ...data } = event.event
      return {
        level: 'warn',
        about: String(host),
        host,
        text: 'threads end again and again, so the next one waits',
        data,
      }
    }
    case 'node-failed':
      return {
        level: 'error',
        about: event.event.node,
        text: `node ${event.event.node} sent a message that cannot be read`,
        data: { err: event.event.error },
      }
    case 'spare-failed':
      return {
        level: 'error',
        about: '',
        text: 'a spare thread could not be started',
        data: { err: event.event.error },
      }
    case 'actor-failed':
      return actorFailed(event.event)
    case 'actor-restarted': {
      const { actor, error, restarts } = event.event
      return { ...ofActor(actor), level: 'info', text: 'restarted', data: { restarts, why: error.message } }
    }
    case 'actor-given-up':
      return {
        ...ofActor(event.event.actor),
        level: 'error',
        text: 'given up: it failed once more than its limit of restarts allows',
        data: { err: event.event.error },
      }
    case 'restart-failed': {
      const { path, error, restarts } = event.event
      return { level: 'error', about: path, text: `${path} could not be restarted`, data: { restarts, err: error } }
    }
    case 'restart-delayed': {
      const { path, ...data } = event.event
      return { level: 'info', about: path, text: `${path} fails again and again, so its restart waits`, data }
    }
    case 'child-failed':
      return {
        level: 'error',
        about: event.event.child.path,
        text: `${event.event.child.kind} ${event.event.child.path} failed`,
        data: { err: event.event.error },
      }
    case 'child-restarted': {
      const { child, error, restarts } = event.event
      return {
        level: 'info',
        about: child.path,
        text: `${child.kind} ${child.path} restarted`,
        data: { restarts, why: error.message },
      }
    }
    case 'child-stopped': {
      const { child, reason } = event.event
      return { level: 'info', about: child.path, text: `${child.kind} ${child.path} ended: ${reason}` }
    }
    case 'supervisor-given-up': {
      const { supervisor, child, error } = event.event
      return {
        level: 'error',
        about: supervisor,
        text: `supervisor ${supervisor || '/'} gave up: its child ${child} failed once more than its limit of restarts allows`,
        data: { err: error },
      }
    }
    case 'system-failed':
      return {
        level: 'error',
        about: '',
        text: 'the system stops: its own supervisor gave up',
        data: { err: event.event.error },
      }
    case 'pool-failed': {
      const { pool, id, error } = event.event
      return {
        level: 'error',
        about: String(id),
        text: `a worker of pool ${pool || `#${id}`} could not be started`,
        data: { err: error },
      }
    }
    case 'job-failed':
      return {
        level: 'error',
        about: '',
        text: 'a job threw when it had ended, and its thread ended',
        data: { err: event.event.error },
      }
    case 'dead-letter':
      return deadLetter(event.event)
    case 'messages-lost': {
      const { host, messages } = event.event
      return {
        level: 'warn',
        about: String(host),
        host,
        text: 'messages were lost with their thread',
        data: { messages },
      }
    }
    case 'host-started':
    case 'actor-started':
    case 'actor-stopped':
    case 'child-started':
    case 'pool-resized':
    case 'stopping':
    case 'stopped':
      return undefined
  }
}

/** The code that killed a thread knows why. */
function hostDown(
  { host, incarnation, reason, exitCode, error, actors, blackBox }: SystemEvents['host-down'],
  nowMs: number,
): EventLine {
  const nameOf = (of: number): string => formatActor(actors.find(({ id }) => id === of) ?? { host, id: of })
  const busy = stallIn(blackBox, nowMs, nameOf)
  const names = actors.slice(0, MAX_NAMES).map(formatActor)
  const running = actors.find(({ id }) => id === blackBox.running)
  return {
    level: reason === 'killed' || reason === 'stopped' ? 'warn' : 'error',
    about: String(host),
    host,
    text: `its thread went down: ${describeDown({ thread: '', incarnation, reason, exitCode, error })}${busy === undefined ? '' : `; it had been in ${describeBusy(busy)}`}`,
    data: {
      incarnation,
      reason,
      actors: names,
      ...(actors.length > MAX_NAMES ? { actorCount: actors.length } : {}),
      ...(running === undefined ? {} : { running: formatActor(running) }),
      ...(busy === undefined ? {} : { method: busy.method, forMs: busy.forMs }),
      ...(error === undefined ? {} : { err: error }),
    },
  }
}

/** The line of the thread covers actors that went down with it. */
function actorFailed({ actor, error, method, isThreadDown }: SystemEvents['actor-failed']): EventLine {
  return {
    ...ofActor(actor),
    level: isThreadDown ? 'debug' : 'error',
    text: method === undefined ? 'failed' : `failed in ${method}()`,
    data: { err: error },
  }
}

/** For a withdrawn message, its asker has an error. Arguments are not logged: they may be large, or secret. */
function deadLetter({ target, method, reason, error, progress, sender }: SystemEvents['dead-letter']): EventLine {
  const actor = formatActor(target)
  return {
    level: reason === 'withdrawn' ? 'debug' : 'warn',
    about: `${actor} ${reason}`,
    host: Math.max(0, target.host),
    actor,
    text: `dead letter: ${method}() was not handled (${reason})`,
    data: {
      method,
      reason,
      ...(progress === undefined ? {} : { progress }),
      ...(sender === undefined ? {} : { sender }),
      ...(error === undefined ? {} : { err: error }),
    },
  }
}

function ofActor(actor: ActorIdentity): Pick<EventLine, 'about' | 'host' | 'actor'> {
  return { about: String(actor.id), host: actor.host, actor: formatActor(actor) }
}
