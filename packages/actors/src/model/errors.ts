import { DescriptorLimitError, describeThrown, ZeraError, type DownReason, type Progress } from '@zera/core/internal'
import type { CancelOutcome } from './cancel-spec.js'
import { RefusedMessageError } from './refused-message.js'
import type { ActorDown } from './supervision/actor-down.js'
import type { Obituary } from './supervision/obituary.js'

// When a system is started and stopped.

/** The system is stopping or has stopped, and takes nothing new. */
export class SystemStoppedError extends RefusedMessageError {
  override readonly name = 'SystemStoppedError'

  constructor(action: string) {
    super('ZERA_SYSTEM_STOPPED', `Cannot ${action}: the system is stopping or has stopped; start a new one`)
  }
}

/**
 * `startSystem` was called in a thread. A test runner may run tests in threads; the text says what to do then. When the
 * module of an actor, a job, a container or a sink starts a system on import, this is the `cause` of the failed start:
 * each thread imports that module, too.
 */
export class NotMainThreadError extends ZeraError {
  override readonly name = 'NotMainThreadError'

  /** @param isOwnThread Whether Zera has started the thread. */
  constructor(isOwnThread = true) {
    super(
      'ZERA_NOT_MAIN_THREAD',
      isOwnThread
        ? 'Cannot start a system: this is a worker thread, which imports the module for an actor or a job that it defines; guard the start by if (isMainThread), of node:worker_threads, or give the actor or job a file of its own, which in a bundle is an entry of its own'
        : "Cannot start a system: this is a worker thread that something else has started, such as a test runner, and only the main thread of a process starts threads; let tests run in processes (in Vitest pool: 'forks', which is its default), or call simulate of @zera/actors/testing, which needs no threads",
    )
  }
}

// When threads of other processes are used.

/**
 * A node does not answer, has ended, or has gone silent. The text says which, and `cause` has details if there are any.
 * The system tries the node again whenever an actor needs it.
 */
export class NodeUnreachableError extends ZeraError {
  override readonly name = 'NodeUnreachableError'
  readonly node: string
  readonly endpoint: string

  constructor(node: string, endpoint: string, problem: string, options?: ErrorOptions) {
    super('ZERA_NODE_UNREACHABLE', `Cannot reach node ${node} at ${endpoint}: ${problem}`, options)
    this.node = node
    this.endpoint = endpoint
  }
}

/**
 * A node, or the process of an actor, sent something unreadable or meaningless; `reason` says what. The system ended
 * its session, and its threads are down as `unreachable`. It opens another session when an actor needs one.
 */
export class NodeFaultError extends ZeraError {
  override readonly name = 'NodeFaultError'
  readonly node: string
  readonly endpoint: string
  readonly reason: string

  constructor(node: string, endpoint: string, reason: string) {
    super(
      'ZERA_NODE_FAULT',
      `Cannot go on with node ${node} at ${endpoint}: ${reason}; check that a node of the same version listens there`,
    )
    this.node = node
    this.endpoint = endpoint
    this.reason = reason
  }
}

/**
 * There is no place for the sockets of a node that the system starts itself: the folder for temporary files is missing,
 * not writable, open to changes by other users, or has too long a path. No process was started.
 */
export class NodeFolderError extends ZeraError {
  override readonly name = 'NodeFolderError'
  readonly node: string
  /** The folder for temporary files, as the environment has it. */
  readonly folder: string

  constructor(node: string, folder: string, problem: string, options?: ErrorOptions) {
    super(
      'ZERA_NODE_FOLDER',
      `Cannot start node ${node}: its sockets cannot lie in ${folder}: ${problem}; set TMPDIR to a folder with a short path that this process may write to`,
      options,
    )
    this.node = node
    this.folder = folder
  }
}

/**
 * A node answers but lends nothing. `refusal` says why: it has another version (`protocol`), serves another system
 * (`busy`), lends fewer threads (`threads`), or does not tolerate such a long silence of a system (`limits`).
 */
export class NodeRefusedError extends ZeraError {
  override readonly name = 'NodeRefusedError'
  readonly node: string
  readonly refusal: NodeRefusal

  constructor(
    node: string,
    endpoint: string,
    refusal: NodeRefusal,
    { protocol, threads }: { readonly protocol: number; readonly threads: number },
  ) {
    const problem = {
      protocol: () =>
        `it speaks protocol ${refusal.why === 'protocol' ? refusal.protocol : ''} and this system ${protocol}; install the same version on both`,
      busy: () => 'it lends its threads to another system; stop that, or start another node',
      threads: () =>
        `it lends ${refusal.why === 'threads' ? refusal.maxThreads : ''} threads and not ${threads}; ask for fewer, or start it with a higher --threads-max`,
      limits: () => (refusal.why === 'limits' ? refusal.problem : ''),
    }[refusal.why]
    super('ZERA_NODE_REFUSED', `Cannot use node ${node} at ${endpoint}: ${problem()}`)
    this.node = node
    this.refusal = refusal
  }
}

/**
 * The system asked a node for more than it lends, or for something that is not a number. `limit` is what the node
 * allows. Nothing was started.
 */
export class NodeLimitError extends ZeraError {
  override readonly name = 'NodeLimitError'
  readonly limit: number

  constructor(what: string, asked: number, limit: number) {
    super(
      'ZERA_NODE_LIMIT',
      `Cannot start a thread: ${what} may be ${limit} at most, not ${String(asked).slice(0, 40)}; ask for less, or start the node with a higher limit where it has an option`,
    )
    this.limit = limit
  }
}

/** The placement of an actor names a node that the system does not have. */
export class NoSuchNodeError extends ZeraError {
  override readonly name = 'NoSuchNodeError'
  /** Undefined when any node would have done. */
  readonly node: string | undefined

  constructor(actor: string, node: string | undefined, nodes: readonly string[]) {
    super(
      'ZERA_NO_SUCH_NODE',
      `Cannot start actor ${actor}: the system has no node${node === undefined ? '' : ` ${node}`}; it has ${nodes.join(', ') || 'none'}; name them as nodes of startSystem`,
    )
    this.node = node
  }
}

// When an actor is started.

/**
 * The module of a definition cannot be imported, or defines no such actor; or its class cannot be made without
 * arguments.
 */
export class DefinitionError extends ZeraError {
  override readonly name = 'DefinitionError'
  /** The module's address. */
  readonly url: string

  constructor(
    actor: string,
    url: string,
    problem: string,
    options?: ErrorOptions,
    action = `find actor ${actor} in ${url}`,
  ) {
    super('ZERA_DEFINITION', `Cannot ${action}: ${problem}`, options)
    this.url = url
  }
}

/**
 * A node refuses to import a module that is not a file under its `--root`; the text says why. It is the `cause` of the
 * start that failed for want of the module.
 */
export class ModuleRefusedError extends ZeraError {
  override readonly name = 'ModuleRefusedError'
  /** The module's address, as the system named it. */
  readonly url: string

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(
      'ZERA_MODULE_REFUSED',
      `Cannot import ${url.length > 300 ? `${url.slice(0, 300)}…` : url} on this node: ${problem}`,
      options,
    )
    this.url = url
  }
}

/** The module that makes the sinks of log lines cannot be imported, or exports no function; `cause` says which. */
export class LogSinkError extends ZeraError {
  override readonly name = 'LogSinkError'
  /** The module's address. */
  readonly url: string

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super('ZERA_LOG_SINK', `Cannot log by ${url}: ${problem}`, options)
    this.url = url
  }
}

/**
 * The module that fills the containers cannot be imported, exports no function, or its function threw; `cause` says
 * which.
 */
export class ContainerError extends ZeraError {
  override readonly name = 'ContainerError'
  /** The module's address. */
  readonly url: string

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super('ZERA_CONTAINER', `Cannot fill the container by ${url}: ${problem}`, options)
    this.url = url
  }
}

/** The observer of a system could not be started: its package is not installed, or it cannot listen; `cause` says which. */
export class ObserverError extends ZeraError {
  override readonly name = 'ObserverError'

  constructor(problem: string, options?: ErrorOptions) {
    super('ZERA_OBSERVER', `Cannot start the observer: ${problem}`, options)
  }
}

/** An actor could not be started; `cause` says why. Nothing of it is left. */
export class ActorStartError extends ZeraError {
  override readonly name = 'ActorStartError'

  constructor(actor: string, problem: string, options?: ErrorOptions) {
    super('ZERA_ACTOR_START', `Cannot start actor ${actor}: ${problem}`, options)
  }
}

/**
 * Another actor of the system already has this name, which is unique in the system with all its nodes. Nothing was
 * started. Choose another name, or stop the other actor and start this one then.
 */
export class NameTakenError extends ZeraError {
  override readonly name = 'NameTakenError'

  constructor(name: string) {
    super(
      'ZERA_NAME_TAKEN',
      `Cannot start an actor: the name ${JSON.stringify(name)} is taken; stop the other actor first or choose another name`,
    )
  }
}

/**
 * An actor tried to stop an actor that is not its descendant. It may stop itself and those that it started, directly or
 * through its children.
 */
export class NotADescendantError extends ZeraError {
  override readonly name = 'NotADescendantError'
  /** The actor to stop, and the actor that tried to stop it. */
  readonly actor: string
  readonly by: string

  constructor(actor: string, by: string) {
    const remedy =
      actor === by
        ? 'call context.stop() without a ref'
        : 'have its parent stop it, or the main thread with system.stop'
    super('ZERA_NOT_A_DESCENDANT', `Cannot stop actor ${actor}: ${by} has not started it; ${remedy}`)
    this.actor = actor
    this.by = by
  }
}

// When two threads cannot be linked.

/** Why there is no link, as plain data that travels between threads. */
export interface LinkRefusal {
  readonly problem: string
  readonly open?: number | undefined
  readonly limit?: number | undefined
}

/** Extracts from an error why a link cannot be opened. */
export function linkRefusal(error: Error): LinkRefusal {
  return error instanceof DescriptorLimitError
    ? { problem: error.message, open: error.open, limit: error.limit }
    : { problem: error.message }
}

/**
 * Two threads of the system cannot be linked now, since the process has run out of file descriptors: a link takes two.
 * `cause` has the number of open ones and the limit. No handler has begun the message. Send it again later to try the
 * link again.
 */
export class LinkError extends RefusedMessageError {
  override readonly name = 'LinkError'
  /** The number of the host that could not be reached. */
  readonly host: number
  /** How many file descriptors the process has open, and may have. Undefined where the operating system does not say. */
  readonly open: number | undefined
  readonly limit: number | undefined

  constructor(host: number, { problem, open, limit }: LinkRefusal, options?: ErrorOptions) {
    super('ZERA_LINK', `Cannot reach host ${host}: ${problem}`, options)
    this.host = host
    this.open = open
    this.limit = limit
  }
}

// When an actor, a service or a supervisor is supervised.

/**
 * The supervisor already has a child with this id, running or stopped. Nothing was started. Choose another id, or
 * `remove` that child first.
 */
export class ChildIdTakenError extends ZeraError {
  override readonly name = 'ChildIdTakenError'
  readonly id: string

  constructor(supervisor: string, id: string) {
    super(
      'ZERA_CHILD_ID_TAKEN',
      `Cannot add a child to supervisor ${supervisor || '/'}: it has a child ${id}; remove that first or choose another id`,
    )
    this.id = id
  }
}

/** The supervisor has no child with this id: it never had one, or the child was removed or has gone. Nothing was done. */
export class NoSuchChildError extends ZeraError {
  override readonly name = 'NoSuchChildError'
  readonly id: string

  constructor(supervisor: string, id: string, wanted = 'child') {
    super(
      'ZERA_NO_SUCH_CHILD',
      `Cannot find ${wanted} ${id} of supervisor ${supervisor || '/'}: it has none, or not any more; its children say which there are`,
    )
    this.id = id
  }
}

/** A service or a supervisor could not be started; `cause` says why. Nothing of it is left. */
export class ChildStartError extends ZeraError {
  override readonly name = 'ChildStartError'

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super('ZERA_CHILD_START', `Cannot start ${path}: ${problem}`, options)
  }
}

/** The children of a supervisor failed too often, so the supervisor failed too. `cause` is the error of the last child. */
export class RestartLimitError extends ZeraError {
  override readonly name = 'RestartLimitError'
  /** The path of the supervisor; empty for the system's own. */
  readonly supervisor: string
  /** The id of the child that failed last. */
  readonly child: string

  constructor(
    supervisor: string,
    child: string,
    { maxRestarts, periodMs }: { readonly maxRestarts: number; readonly periodMs: number },
    options?: ErrorOptions,
  ) {
    super(
      'ZERA_RESTART_LIMIT',
      `Cannot restart child ${child} of supervisor ${supervisor || '/'}: there were ${maxRestarts} restarts within ${periodMs} ms already; find out why it fails, or raise maxRestarts`,
      options,
    )
    this.supervisor = supervisor
    this.child = child
  }
}

/**
 * An actor that this one is linked to has failed, has gone down with its thread, or no longer exists. `cause` is the
 * error it ended with.
 */
export class LinkedActorDownError extends ZeraError {
  override readonly name = 'LinkedActorDownError'
  readonly down: ActorDown

  constructor(actor: string, down: ActorDown) {
    super(
      'ZERA_LINKED_ACTOR_DOWN',
      `Cannot go on without actor ${actor}: it went down (${down.reason}); see down for how`,
      { cause: down.error },
    )
    this.down = down
  }
}

// When a message is sent.

/** Too many messages wait for the actor, or for its host. The message was not accepted, or it gave way to a later one. */
export class MailboxFullError extends RefusedMessageError {
  override readonly name = 'MailboxFullError'

  constructor(actor: string, state: string, options?: ErrorOptions) {
    super(
      'ZERA_MAILBOX_FULL',
      `Cannot send to actor ${actor}: ${state}; await ref.ready() when tell returns false, or raise the maxMessages of its definition`,
      options,
    )
  }
}

/**
 * The actor has no such method, or none that can be called this way: `stream` reads generator methods, and `tell` and
 * `ask` call all others. The text says which, and the actor goes on as before. No handler has run, but for a `stream`
 * of a method that is no generator: that can only be known by calling it.
 */
export class UnknownMethodError extends RefusedMessageError {
  override readonly name = 'UnknownMethodError'

  constructor(actor: string, method: string, problem = 'it has no such method') {
    super('ZERA_UNKNOWN_METHOD', `Cannot call ${method}() of actor ${actor}: ${problem}`)
  }
}

// When an answer does not come.

export { WaitTimeoutError } from '@zera/core/internal'

/**
 * No answer came in time, so the ask withdrew its message. A handler that had not begun will not run. One that had
 * begun saw its `context.signal` abort, or has finished. When another thread answers nothing, the text says which
 * handler has had it, and for how long.
 */
export class AskTimeoutError extends ZeraError {
  override readonly name = 'AskTimeoutError'
  readonly timeoutMs: number
  /** What happened to its handler. */
  readonly cancellation: CancelOutcome

  /** @param why Why no answer came, if that is known, and what to do about it. */
  constructor(
    actor: string,
    method: string,
    timeoutMs: number,
    cancellation: CancelOutcome,
    why: string = 'raise timeoutMs',
  ) {
    super(
      'ZERA_ASK_TIMEOUT',
      `Cannot wait longer for ${method}() of actor ${actor}: no answer within ${timeoutMs} ms (${cancellation}); ${why}`,
    )
    this.timeoutMs = timeoutMs
    this.cancellation = cancellation
  }
}

/**
 * The signal of an ask to an actor with `cancel` aborted; `cause` is its reason. Without `cancel` the ask rejects with
 * the reason itself.
 */
export class AskAbortedError extends ZeraError {
  override readonly name = 'AskAbortedError'
  /** What happened to its handler. */
  readonly cancellation: CancelOutcome

  /** @param why Why it went on, if that is known, and what to do about it. */
  constructor(
    actor: string,
    method: string,
    cancellation: CancelOutcome,
    options: ErrorOptions,
    why: string = 'ask again',
  ) {
    super(
      'ZERA_ASK_ABORTED',
      `Cannot answer ${method}() of actor ${actor}: its asker has aborted it (${cancellation}); ${why}`,
      options,
    )
    this.cancellation = cancellation
  }
}

/**
 * A handler went on after its asker had given up, for longer than its definition's `cancel` allows. Its actor is
 * restarted without it.
 */
export class IgnoredSignalError extends ZeraError {
  override readonly name = 'IgnoredSignalError'

  constructor(actor: string, method: string, graceMs: number) {
    super(
      'ZERA_IGNORED_SIGNAL',
      `Cannot wait for ${method}() of actor ${actor}: it went on for ${graceMs} ms after its asker had given up; end it when context.signal aborts`,
    )
  }
}

/**
 * The actor or pool is stopping, or no longer runs: it was stopped, or its supervisor gave it up. In the last case
 * `cause` is the error it had failed with.
 */
export class ActorStoppedError extends RefusedMessageError {
  override readonly name = 'ActorStoppedError'
  /**
   * Why it is gone, in words: the reason that its `onStop` and the `actor-stopped` event had, or after how many
   * failures it was given up. Undefined when it is still stopping, when it never ran, or when it is gone for so long
   * that the system no longer knows.
   */
  readonly reason: string | undefined
  /**
   * `not-begun`: no handler has seen the message, so it does no harm to send it elsewhere; a server can answer 503.
   * `begun`: its handler ran when the actor had to end, and may have had some of its effects.
   */
  readonly progress: Progress
  /** Whether the actor still handled what it had when it refused the message. */
  readonly isStopping: boolean

  constructor(
    actor: string,
    {
      reason,
      error,
      progress = 'not-begun',
      isStopping = false,
    }: Partial<Obituary> & { readonly progress?: Progress | undefined; readonly isStopping?: boolean | undefined } = {},
  ) {
    const failed =
      error === undefined || reason?.includes(error.message) === true
        ? ''
        : `, and it had failed: ${describeThrown(error)}`
    super(
      'ZERA_ACTOR_STOPPED',
      progress === 'begun'
        ? `Cannot get an answer from actor ${actor}: it was stopped while it handled the message${failed}; send it again elsewhere if handling it twice does no harm`
        : isStopping
          ? `Cannot reach actor ${actor}: it is stopping, and takes nothing new; send the message elsewhere, or spawn the actor again`
          : `Cannot reach actor ${actor}: ${reason ?? 'it is not running'}${failed}; spawn it again`,
      error === undefined ? {} : { cause: error },
    )
    this.reason = reason
    this.progress = progress
    this.isStopping = isStopping
  }
}

/** The actor failed while its stream was being read, and has restarted without that stream. */
export class ActorRestartedError extends ZeraError {
  override readonly name = 'ActorRestartedError'

  constructor(actor: string, method: string) {
    super(
      'ZERA_ACTOR_RESTARTED',
      `Cannot read on from ${method}() of actor ${actor}: it failed and was restarted; open the stream again`,
    )
  }
}

/**
 * The thread of the actor ended while it had the message. Its supervisor restarts it; ask again if asking twice does no
 * harm.
 */
export class ActorDownError extends ZeraError {
  override readonly name = 'ActorDownError'
  /** How the thread ended. */
  readonly reason: DownReason
  /** How far the message came; `handled` when only the answer was lost. */
  readonly progress: Progress | 'handled'

  constructor(
    actor: string,
    method: string,
    reason: DownReason,
    progress: Progress | 'handled',
    options?: ErrorOptions,
  ) {
    const how = {
      'not-begun': 'before it was begun',
      begun: 'while it was handled',
      handled: 'before its answer had left',
    }[progress]
    super(
      'ZERA_ACTOR_DOWN',
      `Cannot answer ${method}() of actor ${actor}: its thread went down (${reason}) ${how}; ask again`,
      options,
    )
    this.reason = reason
    this.progress = progress
  }
}

// When something is computed.

/** The queue of jobs that wait for a thread is full. Nothing was run. */
export class ComputeQueueFullError extends ZeraError {
  override readonly name = 'ComputeQueueFullError'
  readonly maxQueue: number

  constructor(maxQueue: number) {
    super(
      'ZERA_COMPUTE_QUEUE_FULL',
      `Cannot compute: all threads are busy and ${maxQueue} jobs wait already; wait for some, or raise compute.maxQueue of startSystem`,
    )
    this.maxQueue = maxQueue
  }
}

/** A job took too long. It was dropped, or the thread that ran it was killed. */
export class ComputeTimeoutError extends ZeraError {
  override readonly name = 'ComputeTimeoutError'
  readonly timeoutMs: number

  constructor(job: string, timeoutMs: number) {
    super(
      'ZERA_COMPUTE_TIMEOUT',
      `Cannot wait longer for job ${job || 'without a name'}: it has not ended within ${timeoutMs} ms; raise timeoutMs`,
    )
    this.timeoutMs = timeoutMs
  }
}

/**
 * The thread of a job ended while it ran the job, or no thread could be started. The job called process.exit(), filled
 * its heap, or something on the thread threw late; `cause` says which.
 */
export class ComputeThreadError extends ZeraError {
  override readonly name = 'ComputeThreadError'

  constructor(problem: string, options?: ErrorOptions) {
    super('ZERA_COMPUTE_THREAD', `Cannot compute: ${problem}; compute it again if doing so twice does no harm`, options)
  }
}

/** The module of a job cannot be imported, or neither defines nor exports such a job. */
export class JobNotFoundError extends ZeraError {
  override readonly name = 'JobNotFoundError'
  /** The module's address. */
  readonly url: string

  constructor(job: string, url: string, problem: string, options?: ErrorOptions) {
    super('ZERA_JOB_NOT_FOUND', `Cannot find job ${job} in ${url}: ${problem}`, options)
    this.url = url
  }
}

/** A function passed to `compute` uses something that does not exist on the thread where it runs. */
export class JobFunctionError extends ZeraError {
  override readonly name = 'JobFunctionError'

  constructor(job: string, problem: string, options?: ErrorOptions) {
    super(
      'ZERA_JOB_FUNCTION',
      `Cannot compute ${job || 'a function'}: ${problem} where it runs; a function travels as its text, so pass what it uses as arguments, or use defineJob`,
      options,
    )
  }
}

/** Why a node lends nothing. */
export type NodeRefusal =
  | { readonly why: 'protocol'; readonly protocol: number }
  /** It lends its threads to another system. */
  | { readonly why: 'busy' }
  | { readonly why: 'threads'; readonly maxThreads: number }
  /** The system's numbers are beyond the `NODE_LIMITS`. */
  | { readonly why: 'limits'; readonly problem: string }
