/** Where the code of a room runs. */
export type Runs =
  /** In whichever thread imports it. */
  | 'anywhere'
  /** In each thread that hosts actors, the main thread too. */
  | 'every host'
  /** In the thread, or the process, that starts another. */
  | 'the starter'
  /** In each thread, or process, that Zera has started. */
  | 'the thread itself'
  /** In the thread that owns a socket. */
  | 'the caller'
  | 'main'
  | 'the I/O thread'
  | 'compute threads'
  /** In the threads of a REP server. */
  | 'server threads'
  /** In the thread that shows a system. */
  | "the observer's thread"
  | 'a browser'
  /** In the process that lends threads. */
  | 'the lender'
  /** In the main thread of the system that borrows them. */
  | 'the borrower'
  /** In a process of its own, started from a shell. */
  | 'a command'
  /** In the main thread of a test. A simulation plays all threads there. */
  | 'a test'

/**
 * A floor of a package: a folder of its source with all that is in it, but for folders that are floors themselves. A
 * file may be one, too.
 */
export interface Floor {
  readonly room: string
  readonly runs: Runs
}

/** What lies on the floor of each package: what it exports. */
export const ROOF = ''

/**
 * The floors of each package, the lowest first. A room imports from its own floor and from those below it, as far as
 * they run on its side, or on one that it sees.
 */
export const FLOORS: Readonly<
  Record<'core' | 'actors' | 'devices' | 'store' | 'observer' | 'create-zera', readonly Floor[]>
> = {
  core: [
    { room: 'entry-urls.ts', runs: 'anywhere' },
    { room: 'base', runs: 'anywhere' },
    { room: 'words', runs: 'anywhere' },
    { room: 'modules', runs: 'anywhere' },
    { room: 'native', runs: 'anywhere' },
    { room: 'codec', runs: 'anywhere' },
    { room: 'link', runs: 'anywhere' },
    { room: 'sockets', runs: 'anywhere' },
    { room: 'thread', runs: 'anywhere' },
    { room: 'thread/inside', runs: 'the thread itself' },
    { room: 'thread/starter', runs: 'the starter' },
    { room: 'sockets/here', runs: 'the caller' },
    { room: 'sockets/io-thread', runs: 'the I/O thread' },
    { room: 'curve', runs: 'the caller' },
    { room: 'remote', runs: 'the caller' },
    { room: 'testing', runs: 'anywhere' },
    { room: 'command', runs: 'a command' },
    { room: ROOF, runs: 'anywhere' },
  ],
  actors: [
    { room: 'entry-urls.ts', runs: 'anywhere' },
    { room: 'model', runs: 'anywhere' },
    { room: 'log', runs: 'every host' },
    { room: 'platform', runs: 'anywhere' },
    { room: 'messaging', runs: 'every host' },
    { room: 'actor', runs: 'every host' },
    { room: 'host', runs: 'every host' },
    { room: 'system', runs: 'main' },
    { room: 'jobs', runs: 'anywhere' },
    { room: 'jobs/inside', runs: 'compute threads' },
    { room: 'jobs/starter', runs: 'main' },
    { room: 'nodes/control', runs: 'anywhere' },
    { room: 'nodes/folders', runs: 'anywhere' },
    { room: 'nodes/lender', runs: 'the lender' },
    { room: 'nodes/borrower', runs: 'the borrower' },
    { room: 'testing', runs: 'a test' },
    { room: 'command', runs: 'a command' },
    { room: ROOF, runs: 'anywhere' },
  ],
  devices: [
    { room: 'entry-urls.ts', runs: 'anywhere' },
    { room: 'base', runs: 'the caller' },
    { room: 'proxy', runs: 'the caller' },
    { room: 'barrier', runs: 'the caller' },
    { room: 'broker', runs: 'the caller' },
    { room: 'gateway', runs: 'the caller' },
    { room: 'server', runs: 'the caller' },
    { room: 'server/server-thread.ts', runs: 'server threads' },
    { room: 'command', runs: 'a command' },
    { room: ROOF, runs: 'anywhere' },
  ],
  store: [
    { room: 'group-commit.ts', runs: 'every host' },
    { room: 'sqlite', runs: 'every host' },
    { room: 'postgres', runs: 'every host' },
    { room: 'testing', runs: 'a test' },
    { room: ROOF, runs: 'anywhere' },
  ],
  observer: [
    { room: 'entry-urls.ts', runs: 'anywhere' },
    { room: 'model', runs: 'anywhere' },
    { room: 'page', runs: 'a browser' },
    { room: 'watching', runs: "the observer's thread" },
    { room: 'profiling', runs: "the observer's thread" },
    { room: 'serving', runs: "the observer's thread" },
    { room: 'registry', runs: 'anywhere' },
    { room: 'reporting', runs: 'main' },
    { room: 'metering', runs: 'main' },
    { room: 'command', runs: 'a command' },
    { room: ROOF, runs: 'anywhere' },
  ],
  'create-zera': [
    { room: 'project', runs: 'a command' },
    { room: 'command', runs: 'a command' },
  ],
}

/**
 * The sides whose code a side may import, in addition to its own and to what runs anywhere. All others share what both
 * need in a room that runs anywhere, and send the rest to each other. The roof exports all sides.
 */
export const SEES: Readonly<Record<Runs, readonly Runs[]>> = {
  anywhere: [],
  'the starter': [],
  'the thread itself': [],
  'the caller': [],
  // A thread that Zera has started.
  'the I/O thread': ['the thread itself'],
  'every host': [],
  // Host 0.
  main: ['every host'],
  'compute threads': [],
  // Each has a socket of its own.
  'server threads': ['the caller'],
  "the observer's thread": [],
  'a browser': [],
  'the lender': [],
  'the borrower': ['main', 'every host'],
  'a command': ['the lender', 'the caller'],
  'a test': ['main', 'every host', 'compute threads'],
}

/** Dynamic imports that go up a floor, or to a side that is not seen, and why each has to. */
export const LATE_IMPORTS: Readonly<Record<string, string>> = {
  'core: thread/load-io-host.ts -> thread/starter/io-host.ts':
    'the first socket of a process starts the I/O thread, and few processes have sockets',
  'actors: host/host-thread.ts -> nodes/control/remote-transport.ts':
    'a thread of a node reaches others by sockets, which no other thread needs',
  'actors: system/thread-platform.ts -> jobs/starter/piscina-threads.ts': 'few systems compute',
  'actors: system/thread-platform.ts -> nodes/borrower/process-starter.ts': 'few actors have a process to themselves',
  'actors: system/start-system.ts -> nodes/borrower/node-platform.ts': 'few systems have nodes',
}

/** Packages of others that only some rooms know, so that only these feel a change of theirs. */
export const KEPT_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  zeromq: ['core: native'],
  tsyringe: ['actors: model', 'actors: actor'],
  piscina: ['actors: jobs'],
  libsql: ['store: sqlite'],
  pg: ['store: postgres'],
  preact: ['observer: page'],
  uplot: ['observer: page'],
  pino: ['actors: log'],
  '@opentelemetry/api': ['actors: messaging', 'observer: metering'],
}

/** Files that may lie flat in a folder, without tests: as many as are seen at one look. */
export const MOST_FLAT = 12

/** The same in `test/` and in folders of fixtures, where more stand next to each other; a test counts with its source. */
export const MOST_FLAT_TESTS = 15
