/** What a thread does when the end comes. */
export interface State {
  readonly name: StateName
  readonly text: string
}

export type StateName = CoreStateName | ActorStateName

/** States of any thread. */
export type CoreStateName =
  | 'idle'
  | 'waiting'
  | 'exchanging'
  | 'high-water'
  | 'in-handler'
  | 'in-timer'
  | 'held'
  | SocketStateName

/** States that only a thread with actors has. */
type ActorStateName = (typeof ACTOR_STATES)[number]

/** States in which a socket of the thread waits natively, in the I/O thread. */
export type SocketStateName = 'sub-open' | 'req-waiting' | 'router-full'

const ACTOR_STATES = ['streaming', 'stream-left', 'in-tree', 'in-pool', 'durable', 'giving-up'] as const

/** Every state. */
export const STATES: readonly State[] = [
  { name: 'idle', text: 'it has never had a message' },
  { name: 'waiting', text: 'it has had messages from main and from another thread, and waits for more' },
  { name: 'exchanging', text: 'it exchanges messages with main and another thread as fast as all of them can' },
  {
    name: 'high-water',
    text: 'it sends to receivers that handle nothing, its backlogs are full, and so are theirs that send to it',
  },
  { name: 'in-handler', text: 'it is busy in the handler of a message, others wait behind that' },
  { name: 'in-timer', text: 'it is busy in a timer callback, messages wait outside' },
  { name: 'held', text: 'others hold what it sent, large binaries and text among it' },
  { name: 'streaming', text: 'it streams to main and to another thread, and reads streams of theirs' },
  {
    name: 'stream-left',
    text: 'main and another thread have left its streams in the midst, one whose generator waits for what never comes among them',
  },
  {
    name: 'in-tree',
    text: 'its actor hangs under three supervisors, with a sibling that is restarted with it, and handles messages',
  },
  { name: 'in-pool', text: 'its actor is the worker of a pool, and messages come by the ref of the pool' },
  { name: 'durable', text: 'its actor is durable, and commits what it handles' },
  { name: 'giving-up', text: 'its actor goes on in a handler whose ask was given up, others wait behind that' },
  { name: 'sub-open', text: 'it has a SUB on tcp that waits to receive, and handles messages' },
  { name: 'req-waiting', text: 'it has a REQ on tcp that waits for an answer, and handles messages' },
  { name: 'router-full', text: 'it has a ROUTER on tcp at its high-water mark, and handles messages' },
]

/** Whether a plain thread of core can be in a state. */
export function isCoreState(name: StateName): name is CoreStateName {
  return !(ACTOR_STATES as readonly string[]).includes(name)
}
