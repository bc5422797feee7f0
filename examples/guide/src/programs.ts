/** A program as it takes part in a pattern. */
export interface Part {
  readonly program: string
  /** How many of it there are. Default 1. */
  readonly count?: number
  /** Whether it runs until it is stopped; others end by themselves. */
  readonly serves?: boolean
  /** Whether it starts threads, hears of signals or listens to the keyboard, which only the main thread does. */
  readonly runsInMain?: boolean
  /** Whether it hears of Ctrl-C by itself. */
  readonly hearsInterrupts?: boolean
  /** A port instead of the one in the guide. */
  readonly port?: number
}

/** Programs that talk to each other, in the order in which they start, and what is to be seen there. */
export interface Pattern {
  readonly lines: Readonly<Record<string, string>>
  readonly parts: readonly Part[]
  /** How many workers wait for each other at the start. */
  readonly workers?: number
}

const WEATHER: Part = { program: 'wuserver', serves: true }
/** It listens to the keyboard, which only the main thread does. */
const VENTILATOR: Part = { program: 'taskvent', runsInMain: true }

export const PATTERNS: readonly Pattern[] = [
  { lines: { version: 'which ZeroMQ is at work' }, parts: [{ program: 'version', runsInMain: true }] },
  {
    lines: {
      hwserver: 'request-reply: a server that answers Hello with World',
      hwclient: 'request-reply: a client that asks ten times',
    },
    parts: [{ program: 'hwserver', serves: true }, { program: 'hwclient' }],
  },
  {
    lines: {
      wuserver: 'publish-subscribe: the real weather of two cities, for all who listen',
      wuclient: 'publish-subscribe: a listener that takes the mean of a hundred days of one city',
    },
    parts: [WEATHER, { program: 'wuclient' }],
  },
  {
    lines: {
      taskvent: 'pipeline: a hundred tasks are dealt out to workers',
      taskwork: 'pipeline: a worker that does the tasks it gets',
      tasksink: 'pipeline: the results are collected, and the whole is timed',
    },
    parts: [{ program: 'tasksink' }, VENTILATOR, { program: 'taskwork', count: 3, serves: true }],
    workers: 3,
  },
  {
    lines: { msreader: 'two sockets in one thread, read by hand' },
    parts: [WEATHER, { program: 'msreader' }, VENTILATOR],
  },
  {
    lines: { mspoller: 'two sockets in one thread, read with a poller' },
    parts: [WEATHER, { program: 'mspoller' }, VENTILATOR],
  },
  {
    lines: {
      rrbroker: 'a broker of two sockets and a poller',
      rrclient: 'a client that knows the broker alone',
      rrworker: 'a worker behind the broker',
    },
    parts: [
      { program: 'rrbroker', serves: true },
      { program: 'rrworker', count: 2, serves: true },
      { program: 'rrclient', count: 3 },
    ],
  },
  {
    lines: { msgqueue: 'the same broker as a proxy, in one call' },
    parts: [
      { program: 'msgqueue', serves: true },
      { program: 'rrworker', count: 2, serves: true },
      { program: 'rrclient', count: 3 },
    ],
  },
  {
    lines: { wuproxy: 'publish-subscribe handed on to another network, and its subscriptions back' },
    parts: [WEATHER, { program: 'wuproxy', serves: true }, { program: 'wuclient', count: 2, port: 8100 }],
  },
  {
    lines: {
      taskwork2: 'pipeline: a worker that learns when all is done',
      tasksink2: 'pipeline: the sink that tells the workers to end',
    },
    parts: [{ program: 'tasksink2' }, VENTILATOR, { program: 'taskwork2', count: 3 }],
    workers: 3,
  },
  {
    lines: { interrupt: 'a server that Ctrl-C ends cleanly while it waits' },
    parts: [{ program: 'interrupt', runsInMain: true, hearsInterrupts: true }],
  },
  {
    lines: { mtserver: 'a server in several threads' },
    parts: [
      { program: 'mtserver', serves: true, runsInMain: true },
      { program: 'hwclient', count: 4 },
    ],
  },
  { lines: { mtrelay: 'three threads hand on a signal' }, parts: [{ program: 'mtrelay', runsInMain: true }] },
  {
    lines: {
      syncpub: 'a million updates that begin when ten subscribers receive',
      syncsub: 'a subscriber that proves that it receives, and loses nothing',
    },
    parts: [{ program: 'syncpub' }, { program: 'syncsub', count: 10 }],
  },
  {
    lines: { psenvpub: 'envelopes with a key in front', psenvsub: 'a subscriber that opens the envelopes of one key' },
    parts: [{ program: 'psenvpub', serves: true }, { program: 'psenvsub' }],
  },
]

/** The pattern that shows a program. */
export function patternOf(program: string): Pattern | undefined {
  return PATTERNS.find(({ lines }) => Object.hasOwn(lines, program))
}

/** All programs, each with its line. */
export function listPrograms(): string {
  return PATTERNS.flatMap(({ lines }) => Object.entries(lines))
    .map(([program, line]) => `${program.padEnd(10)} ${line}`)
    .join('\n')
}
