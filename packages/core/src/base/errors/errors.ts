import { LINK_LIMITS } from '../values/limits.js'

/**
 * The base of every Zera error: an `Error` with a constant `code` for programs, and a text for people. The text names
 * the action, then the state that forbade it, then the remedy.
 *
 * Catch a class of this module to handle one cause. Check `code` where classes cannot be compared, such as across
 * threads.
 */
export class ZeraError extends Error {
  override readonly name: string = 'ZeraError'
  /** A constant for programs, such as `'ZERA_THREAD_START'`. */
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A module of TypeScript that a thread cannot load. The text says what is missing; Node's own error is the `cause`. */
export class TypeScriptError extends ZeraError {
  override readonly name = 'TypeScriptError'
  readonly url: string

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super('ZERA_TYPESCRIPT', `Cannot load ${url} in a thread: ${problem}`, options)
    this.url = url
  }
}

/** What cannot be copied, in words. */
export let offenderIn: (error: NotCloneableError) => string
let sendingOther: (error: NotCloneableError, sent: string) => NotCloneableError

/** A value that cannot travel to another thread: a function, a symbol, a promise, a socket… Nothing was sent. */
export class NotCloneableError extends ZeraError {
  override readonly name = 'NotCloneableError'
  /** The path of the offender within the value, such as `.orders[3].callback`; empty when it is the value itself. */
  readonly path: string
  readonly #what: string
  readonly #remedy: string

  static {
    sendingOther = (error, sent) => new NotCloneableError(error.#what, error.path, error.#remedy, sent)
    offenderIn = error => error.#what
  }

  /**
   * @param what The offender, in words.
   * @param remedy What to do instead, in words.
   * @param sent What was not sent, in words.
   */
  constructor(what: string, path: string, remedy = 'send plain data instead', sent = 'the message') {
    const place = path === '' ? '' : ` at ${path}`
    super('ZERA_NOT_CLONEABLE', `Cannot send ${sent}: ${what}${place} cannot be copied to another thread; ${remedy}`)
    this.path = path
    this.#what = what
    this.#remedy = remedy
  }
}

/** An error of a value that is no message of its own, such as `the answer of add()`; all else as it is. */
export function whenSending(sent: string, error: unknown): unknown {
  return error instanceof NotCloneableError ? sendingOther(error, sent) : error
}

/** An endpoint whose text is not one that ZeroMQ can plug into. Nothing was opened. */
export class EndpointError extends ZeraError {
  override readonly name = 'EndpointError'
  /** The text that was given. */
  readonly endpoint: string

  constructor(endpoint: string, problem: string) {
    super('ZERA_ENDPOINT', `Cannot use endpoint "${endpoint}": ${problem}`)
    this.endpoint = endpoint
  }
}

/** A socket was used in a thread that does not own it, after it was closed, or in a way that its state forbids. */
export class SocketError extends ZeraError {
  override readonly name: string = 'SocketError'

  constructor(message: string, options?: ErrorOptions, code = 'ZERA_SOCKET') {
    super(code, message, options)
  }
}

/** How many descriptors the process has, and how many it may have. */
export interface DescriptorCount {
  readonly open: number
  readonly limit: number
}

/**
 * The process has as many file descriptors, or sockets, as it may have. Nothing was opened, and everything that was
 * open goes on. Each socket takes one, each thread about six, and each two threads that talk to each other two.
 */
export class DescriptorLimitError extends SocketError {
  override readonly name = 'DescriptorLimitError'
  /** How many the process has open; undefined where the system does not say. */
  readonly open: number | undefined
  /** How many it may have; undefined where the system does not say. */
  readonly limit: number | undefined

  constructor(action: string, count: DescriptorCount | undefined, needed: number, options?: ErrorOptions) {
    const state =
      count === undefined
        ? 'the process has no descriptors left'
        : `${count.open} descriptors are open (limit ${count.limit})`
    super(
      `Cannot ${action}: it needs ${needed}, and ${state}; allow more with ulimit -n and configureContext, or use fewer threads and sockets`,
      options,
      'ZERA_DESCRIPTORS',
    )
    this.open = count?.open
    this.limit = count?.limit
  }
}

/** A message does not have the frames of an envelope. `frames` holds it as it arrived. */
export class EnvelopeError extends ZeraError {
  override readonly name = 'EnvelopeError'
  readonly frames: readonly (Uint8Array | string)[]

  constructor(action: string, problem: string, frames: readonly (Uint8Array | string)[]) {
    super('ZERA_ENVELOPE', `Cannot ${action}: ${problem}`)
    this.frames = frames
  }
}

/** How a process ended. */
export interface ProcessEnd {
  /** Undefined when a signal ended it, or when it never started. */
  readonly exitCode: number | undefined
  readonly signal: NodeJS.Signals | undefined
  /** The end of its standard error output, at most 8 KiB: nothing else reports a fault in native code. */
  readonly stderr: string
}

/** A thread, or a process, did not become ready. It has ended and left nothing behind; `cause` says why. */
export class ThreadStartError extends ZeraError {
  override readonly name = 'ThreadStartError'
  /** How its process ended, when it was to have one of its own. */
  readonly process: ProcessEnd | undefined

  constructor(thread: string, problem: string, options?: ErrorOptions & { readonly process?: ProcessEnd | undefined }) {
    super('ZERA_THREAD_START', `Cannot start thread ${thread}: ${problem}`, options)
    this.process = options?.process
  }
}

/** A signal that Zera did not send ended a process. What it had not handled was given back, as far as that is known. */
export class ProcessDownError extends ZeraError implements ProcessEnd {
  override readonly name = 'ProcessDownError'
  readonly exitCode: number | undefined
  readonly signal: NodeJS.Signals | undefined
  readonly stderr: string

  constructor(process: string, { exitCode, signal, stderr }: ProcessEnd) {
    super(
      'ZERA_PROCESS_DOWN',
      `Cannot go on in process ${process}: it was ended by ${signal ?? `a fault (exit code ${exitCode})`}; see stderr for what it last wrote, or whether the machine was out of memory`,
    )
    this.exitCode = exitCode
    this.signal = signal
    this.stderr = stderr
  }
}

/**
 * A process exceeded its memory limit, and was ended for that. What it had not handled was given back, as far as that
 * is known.
 */
export class MemoryLimitError extends ZeraError {
  override readonly name = 'MemoryLimitError'
  /** The limit of its resident memory, in MiB, and what it had. */
  readonly maxRssMb: number
  readonly rssMb: number

  constructor(process: string, maxRssMb: number, rssMb: number) {
    super(
      'ZERA_MEMORY_LIMIT',
      `Cannot go on in process ${process}: it has ${rssMb} MiB of memory (limit ${maxRssMb}); raise maxRssMb, or keep less in memory`,
    )
    this.maxRssMb = maxRssMb
    this.rssMb = rssMb
  }
}

/**
 * A thread filled its heap. What it had not handled was given back; `cause` is Node's error when Node, and not the
 * thread itself, ended it.
 */
export class HeapLimitError extends ZeraError {
  override readonly name = 'HeapLimitError'

  constructor(thread: string, maxHeapMb: number | undefined, options?: ErrorOptions) {
    const limit = maxHeapMb === undefined ? "Node's own" : `${maxHeapMb} MiB`
    super(
      'ZERA_HEAP_LIMIT',
      `Cannot go on in thread ${thread}: its heap is full (limit ${limit}); raise maxHeapMb (--max-old-space-size takes precedence), or keep less in memory`,
      options,
    )
  }
}

/** The other side of a pipe has ended, or this side was closed: the message was not accepted. */
export class PipeClosedError extends ZeraError {
  override readonly name = 'PipeClosedError'

  constructor(pipe: string) {
    super(
      'ZERA_PIPE_CLOSED',
      `Cannot send on pipe ${pipe}: it is closed; start the thread again, or stop sending when \`down\` resolves`,
    )
  }
}

/**
 * A pipe is full, and the message was not accepted: as many messages wait as may (`LINK_LIMITS.backlogMessages`), or as
 * many bytes (`LINK_LIMITS.backlogBytes`). Wait for `ready()` when a send returns false.
 */
export class PipeFullError extends ZeraError {
  override readonly name = 'PipeFullError'
  /** How many wait. */
  readonly messages: number
  /** Their bytes. */
  readonly bytes: number

  constructor(pipe: string, messages: number, bytes: number) {
    const { backlogMessages, backlogBytes } = LINK_LIMITS
    super(
      'ZERA_PIPE_FULL',
      `Cannot send on pipe ${pipe}: ${messages} messages (limit ${backlogMessages}) with ${bytes} bytes (limit ${backlogBytes}) wait already; await ready() when a send returns false`,
    )
    this.messages = messages
    this.bytes = bytes
  }
}

/** A message to a thread of another process is larger than one may be (`REMOTE_LIMITS`). Nothing of it was sent. */
export class MessageTooLargeError extends ZeraError {
  override readonly name = 'MessageTooLargeError'
  /** Bytes of its text; binaries are base64 in it, and so take a third more. */
  readonly sizeBytes: number

  constructor(pipe: string, sizeBytes: number, limit: number) {
    super(
      'ZERA_MESSAGE_TOO_LARGE',
      `Cannot send on pipe ${pipe}: the message has ${sizeBytes} bytes (limit ${limit} between processes); send it in parts, or keep both sides in one process`,
    )
    this.sizeBytes = sizeBytes
  }
}

/** What is left of an operation whose caller has stopped waiting. */
export type WaitLeaves =
  /** Nothing: what had begun was undone. */
  | 'nothing'
  /** It goes on: it may be done already, or it will be later. */
  | 'work'

/**
 * An operation did not finish within the `timeoutMs` of its caller. `leaves` says whether it was undone (`'nothing'`),
 * or may have happened or happen later (`'work'`): then do it again, or take it back.
 */
export class WaitTimeoutError extends ZeraError {
  override readonly name = 'WaitTimeoutError'
  readonly timeoutMs: number
  /** What is left of it. */
  readonly leaves: WaitLeaves

  constructor(action: string, timeoutMs: number, leaves: WaitLeaves) {
    super(
      'ZERA_WAIT_TIMEOUT',
      leaves === 'nothing'
        ? `Cannot ${action}: it was not done within ${timeoutMs} ms, and what was begun is undone; raise timeoutMs`
        : `Cannot wait longer to ${action}: it was not done within ${timeoutMs} ms, and may be done later; raise timeoutMs, or do it again`,
    )
    this.timeoutMs = timeoutMs
    this.leaves = leaves
  }
}

/**
 * Code tried to open something after its owner had ended: an actor that was stopped, failed or restarted while one of
 * its handlers went on. Nothing was opened.
 */
export class ScopeClosedError extends ZeraError {
  override readonly name = 'ScopeClosedError'
  /** The owner of the code, such as `actor /orders`. */
  readonly owner: string

  constructor(action: string, owner: string) {
    super(
      'ZERA_SCOPE_CLOSED',
      `Cannot ${action}: ${owner}, which runs this code, has ended, so nothing would close what it opens; return when context.signal aborts, and open things in the actor that runs now`,
    )
    this.owner = owner
  }
}

/** The kind of a resource: each kind has one owner in this thread that closes it. */
export type ResourceKind = 'socket' | 'thread' | 'process' | 'timer' | 'ask' | 'block' | 'system'

/** Something that this thread has opened and not closed yet. */
export interface OpenResource {
  readonly kind: ResourceKind
  readonly name: string
  /** Where it was opened: the lines of a stack trace, or a text from its owner where a stack would cost too much. */
  readonly stack: string
}

/** Something that was opened is still open. `open` names each with the stack that opened it. */
export class LeakError extends ZeraError {
  override readonly name = 'LeakError'
  /** What is still open. */
  readonly open: readonly OpenResource[]

  constructor(open: readonly OpenResource[]) {
    const lines = open.map(resource => `  ${resource.kind} ${resource.name}, opened ${resource.stack}`)
    super(
      'ZERA_LEAK',
      `Cannot call this clean: ${open.length} resources are still open; close each with its owner\n${lines.join('\n')}`,
    )
    this.open = open
  }
}

/** A block in shared memory was sent to an actor in another process. Nothing was sent, and the block is still there. */
export class BlockLocalError extends ZeraError {
  override readonly name = 'BlockLocalError'
  readonly sizeBytes: number

  constructor(sizeBytes: number) {
    super(
      'ZERA_BLOCK_LOCAL',
      `Cannot send the block of ${sizeBytes} bytes: its receiver is in another process, which shared memory cannot reach; send block.toBytes()`,
    )
    this.sizeBytes = sizeBytes
  }
}

/** A block in shared memory no longer belongs to this thread. */
export class BlockGoneError extends ZeraError {
  override readonly name = 'BlockGoneError'

  constructor(sizeBytes: number, how: string) {
    super(
      'ZERA_BLOCK_GONE',
      `Cannot use the block of ${sizeBytes} bytes: it was ${how}; copy what is still needed before that`,
    )
  }
}

/** Other machines could reach a server that has no keys to encrypt with. Nothing was opened. */
export class CurveRequiredError extends ZeraError {
  override readonly name = 'CurveRequiredError'
  readonly endpoint: string

  constructor(action: string, endpoint: string) {
    super(
      'ZERA_CURVE_REQUIRED',
      `Cannot ${action}: ${endpoint} can be reached from other machines, and there are no CURVE keys; make some with writeKeys or zera keygen and pass curve, or bind to 127.0.0.1 or ipc`,
    )
    this.endpoint = endpoint
  }
}

/** A server that encrypts would let in every client with its public key, since no list decides. Nothing was opened. */
export class ClientListRequiredError extends ZeraError {
  override readonly name = 'ClientListRequiredError'

  constructor(action: string, problem: string) {
    super(
      'ZERA_CLIENT_LIST_REQUIRED',
      `Cannot ${action}: ${problem}, so every client that has the server's public key could connect; open it with the socketOptions of secureServer, and pass that a list of clients, or 'any' if all may connect`,
    )
  }
}

/** A server that does not encrypt has no list of clients to replace. Nothing was changed. */
export class NoClientListError extends ZeraError {
  override readonly name = 'NoClientListError'

  constructor() {
    super(
      'ZERA_NO_CLIENT_LIST',
      'Cannot replace the list of clients: the server does not encrypt, so it has none, and lets everyone in; start it with curve',
    )
  }
}

/** A PLAIN server would let in anyone, with any name and password, since nothing checks them. */
export class AuthenticatorRequiredError extends ZeraError {
  override readonly name = 'AuthenticatorRequiredError'

  constructor(action: string) {
    super(
      'ZERA_AUTHENTICATOR_REQUIRED',
      `Cannot ${action}: it is a PLAIN server without a zapDomain, so every client could connect; open it with the socketOptions of startAuthentication`,
    )
  }
}

/** Node cannot wait until a descriptor becomes readable. */
export class DescriptorSourceError extends ZeraError {
  override readonly name = 'DescriptorSourceError'
  readonly fd: number
  /**
   * What the descriptor refers to. `'other'` is anything that Node has no handle for, such as an eventfd, a timerfd or
   * an epoll.
   */
  readonly kind: 'file' | 'directory' | 'device' | 'closed' | 'other'

  constructor(fd: number, kind: DescriptorSourceError['kind'], options?: ErrorOptions) {
    super('ZERA_DESCRIPTOR_SOURCE', `Cannot wait for descriptor ${fd}: ${SOURCE_PROBLEMS[kind]}`, options)
    this.fd = fd
    this.kind = kind
  }
}

const SOURCE_PROBLEMS: Readonly<Record<DescriptorSourceError['kind'], string>> = {
  file: 'it is of a file, which is always ready; read it with node:fs, or watch it with fs.watch',
  directory: 'it is of a directory, which is always ready; watch it with fs.watch',
  device: 'it is of a device that is no terminal; read it with fs.createReadStream, and give that to streamSource',
  closed: 'it is not open; open it first',
  other:
    'Node has no handle for what it is of, as for an eventfd, a timerfd or an epoll; have a child process or native code write a byte into a pipe, and wait for that',
}

/** A file has no usable keys, or could not be written. */
export class KeyFileError extends ZeraError {
  override readonly name = 'KeyFileError'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super('ZERA_KEY_FILE', `Cannot use the key file ${path}: ${problem}`, options)
    this.path = path
  }
}

/**
 * Other code in this process already authenticates the clients of its sockets, and ZeroMQ allows only one
 * authenticator. `cause` is the error of binding its endpoint.
 */
export class AuthenticationError extends ZeraError {
  override readonly name = 'AuthenticationError'

  constructor(cause: Error) {
    super(
      'ZERA_AUTHENTICATION',
      'Cannot authenticate clients: another thread of this process does already; start all CURVE servers of a process in one thread',
      { cause },
    )
  }
}
