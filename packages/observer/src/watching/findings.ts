import type { Finding, SystemState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'

const LIST = new Intl.ListFormat('en')

type Seen = Omit<SystemState, 'findings'>

/** Milliseconds for which one handler may have the thread before that is worth a word. */
const LONG_HANDLER_MS = 1000
/** Messages that may wait for one actor. */
const MANY_WAITING = 1000
/** The share of messages whose handlers may throw. */
const MANY_FAILURES = 0.1

/** What is likely wrong in a system, the worst first. It decides by what is seen alone. */
export function findingsOf(state: Seen): Finding[] {
  return [
    ...deadlocked(state),
    ...blocked(state),
    ...down(state),
    ...missing(state),
    ...lost(state),
    ...stalled(state),
    ...slow(state),
    ...waiting(state),
    ...failing(state),
  ]
}

function* deadlocked({ deadlocks, waits }: Seen): Generator<Finding> {
  for (const circle of deadlocks) {
    const asked = circle.map(({ id, title }, at) => {
      const next = circle[(at + 1) % circle.length]
      const method = waits.find(({ from, to }) => from.id === id && to.id === next?.id)?.method ?? '?'
      return `${title} for ${method}() of ${next?.title ?? '?'}`
    })
    yield {
      severity: 'problem',
      kind: 'deadlock',
      text: `These wait for each other: ${LIST.format(asked)}`,
      remedy:
        'None of them goes on until an ask times out: let one tell and be told, or ask before or behind the handler that the other one asks for',
    }
  }
}

function* stalled({ links, threads }: Seen): Generator<Finding> {
  for (const { from, to, messages, oldestMs, isStalled } of links) {
    if (!isStalled) continue
    const [sender, receiver] = [from, to].map(host => threads.find(thread => thread.host === host))
    if (sender === undefined || receiver === undefined) continue
    const running =
      receiver.running === undefined ? '' : `, which runs ${receiver.running.method}() of ${receiver.running.title}`
    yield {
      severity: 'warning',
      kind: 'stalled-sender',
      text: `${sender.name} waits for ${receiver.name} to handle some of ${messages} messages, the oldest ${secondsOf(oldestMs)} old${running}`,
      remedy: 'The receiver is slower than the sender: spread its actors over more threads, or send less at once',
    }
  }
}

function* blocked({ threads, atMs }: Seen): Generator<Finding> {
  for (const { condition, name, host, blockedSinceMs, running } of threads) {
    if (condition !== 'blocked' || blockedSinceMs === undefined) continue
    const doing = running === undefined ? 'code outside of actors' : `${running.method}() of ${running.title}`
    yield {
      severity: 'problem',
      kind: 'blocked-thread',
      text: `${name} has been blocked for ${secondsOf(atMs - blockedSinceMs)} by ${doing}`,
      remedy:
        host === 0
          ? 'Main answers nothing meanwhile: move the work to an actor on another thread, or to compute(); its profile shows where it is'
          : 'Other actors of the thread wait: give this one a thread of its own (placement: "own-thread"), or split the work; its profile shows where it is',
    }
  }
}

function* down({ threads }: Seen): Generator<Finding> {
  for (const { condition, name } of threads) {
    if (condition !== 'down') continue
    yield {
      severity: 'problem',
      kind: 'down-thread',
      text: `${name} has no thread`,
      remedy: 'Its thread went down, and the next one has not started: the history has the reason',
    }
  }
}

function* missing({ ledger }: Seen): Generator<Finding> {
  if (ledger.missing === 0) return
  yield {
    severity: 'problem',
    kind: 'missing-messages',
    text:
      ledger.missing > 0
        ? `${ledger.missing} of ${ledger.sent} messages between threads are nowhere`
        : `${-ledger.missing} of ${ledger.sent} messages between threads were handled twice`,
    remedy: 'That is a fault of Zera: please report it, with what had happened before',
  }
}

function* lost({ counters: { messagesLost } }: Seen): Generator<Finding> {
  if (messagesLost === 0) return
  yield {
    severity: 'warning',
    kind: 'lost-messages',
    text: `${messagesLost} messages died with their threads`,
    remedy:
      'They had been accepted by a thread that went down, and were nowhere else: ask for what must arrive, and repeat it',
  }
}

function* slow({ threads, atMs }: Seen): Generator<Finding> {
  for (const { condition, running } of threads) {
    if (condition === 'blocked' || running === undefined || atMs - running.sinceMs < LONG_HANDLER_MS) continue
    yield {
      severity: 'warning',
      kind: 'slow-handler',
      text: `${running.method}() of ${running.title} has had its thread for ${secondsOf(atMs - running.sinceMs)}`,
      remedy: 'No other actor of the thread runs meanwhile: await now and then, or give it a thread of its own',
    }
  }
}

function* waiting({ tree }: Seen): Generator<Finding> {
  for (const { actor } of nodesOf(tree)) {
    if (actor === undefined || actor.waiting < MANY_WAITING) continue
    yield {
      severity: 'warning',
      kind: 'long-mailbox',
      text: `${actor.waiting} messages wait for ${titleOf(actor)}`,
      remedy: 'It is slower than its senders: make it a pool, await ready() before tell, or bound its mailbox',
    }
  }
}

function* failing({ methods }: Seen): Generator<Finding> {
  for (const { definition, method, short } of methods) {
    if (short.failed === 0 || short.failed < short.handled * MANY_FAILURES) continue
    yield {
      severity: 'warning',
      kind: 'failing',
      text: `${method}() of ${definition} threw in ${short.failed} of its last ${short.handled} messages`,
      remedy: 'The history has the errors',
    }
  }
}

/** All nodes of a tree. */
function* nodesOf(tree: SystemState['tree']): Generator<SystemState['tree'][number]> {
  for (const node of tree) {
    yield node
    yield* nodesOf(node.children)
  }
}

function secondsOf(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
