import { describeThrown, isError, ZeraError } from '@zera/core/internal'

/** What a signal does to a system. */
export interface Interruptible {
  stop(): Promise<unknown>
  /** Stops when the program has nothing else to do: until then it may need the system for what it finishes. */
  letGo(): Promise<unknown>
  /** Ends all threads at once. */
  force(): Promise<unknown>
  /** Whether a thread is left that only the end of the process can end, for which Node waits for all threads. */
  isStuck(): boolean
}

/** What is known when a signal comes. */
export interface SignalSituation {
  /** Whether the program has a handler of its own for this signal. */
  readonly hasOwnHandler: boolean
  /** How the end of the process was planned when a signal came before; undefined for the first. */
  readonly before: SignalPlan | undefined
}

/** What a signal does. */
export interface SignalPlan {
  /** How systems end. `let-go`: when the program needs them no more. */
  readonly systems: 'stop' | 'let-go' | 'force'
  /**
   * How the process ends then: `exit` with the code that a shell expects; `raise` the signal once more, for its default
   * effect; or as the `program` has it.
   */
  readonly end: 'exit' | 'raise' | 'program'
}

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

type StopSignal = keyof typeof EXIT_CODES

/** The name that signal-exit, of which many packages make use, has for itself. */
const SIGNAL_EXIT = Symbol.for('signal-exit emitter')

const systems = new Set<Interruptible>()
let plan: SignalPlan | undefined

/**
 * Lets SIGINT and SIGTERM stop a system, with all others of the process, and then end the process with the code that a
 * shell expects, 130 or 143; a second signal does not wait for anything.
 *
 * If the program has its own handler for the signal, that decides: its requests may still need the systems. So they
 * stop when it has nothing else to do, and the end of the process is its own.
 *
 * Returns the function that gives the signals back.
 */
export function stopOnSignals(system: Interruptible): () => void {
  // In front of the program's own: one that was added with `once` is gone when its turn is over.
  if (systems.size === 0)
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.prependListener(signal, handle as NodeJS.SignalsListener)
  systems.add(system)
  return () => {
    systems.delete(system)
    // A second signal must still find a handler while others stop.
    if (systems.size > 0) return
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, handle)
    if (plan !== undefined && plan.end !== 'program') return
    // The program goes on, and may start others.
    plan = undefined
    process.off('uncaughtException', ignoreInterruption)
  }
}

/** Decides what a signal does. */
export function planSignal({ hasOwnHandler, before }: SignalSituation): SignalPlan {
  if (before === undefined)
    return hasOwnHandler ? { systems: 'let-go', end: 'program' } : { systems: 'stop', end: 'exit' }
  if (hasOwnHandler) return { systems: 'force', end: 'program' }
  // The program has done its part, has taken its handler away and raised the signal anew, to end by it.
  if (before.end === 'program') return { systems: 'stop', end: 'raise' }
  return { systems: 'force', end: before.end }
}

function handle(signal: StopSignal): void {
  const situation = {
    hasOwnHandler: process.listeners(signal).filter(handler => handler !== handle).length > signalExitHandlers(),
    before: plan,
  }
  if (plan === undefined) process.on('uncaughtException', ignoreInterruption)
  plan = planSignal(situation)
  const { systems: how, end } = plan
  const interrupted = [...systems]
  const ended = Promise.all(
    interrupted.map(system => (how === 'let-go' ? system.letGo() : how === 'force' ? system.force() : system.stop())),
  )
  if (end !== 'program')
    void ended.finally(() =>
      endProcess(
        signal,
        end,
        interrupted.some(system => system.isStuck()),
      ),
    )
}

function endProcess(signal: StopSignal, end: 'exit' | 'raise', isStuck: boolean): void {
  const exitCode = EXIT_CODES[signal]
  if (!isStuck && end === 'exit') process.exit(exitCode)
  if (!isStuck) {
    process.off(signal, handle)
    process.kill(process.pid, signal)
    return
  }
  process.exitCode = exitCode
  process.emit('exit', exitCode)
  process.kill(process.pid, 'SIGKILL')
}

/**
 * Each copy of signal-exit has one handler, and ends the process only where there is no other. It knows other copies by
 * this.
 */
function signalExitHandlers(): number {
  const { [SIGNAL_EXIT]: current, __signal_exit_emitter__: former } = process as {
    [SIGNAL_EXIT]?: { count?: unknown }
    __signal_exit_emitter__?: { count?: unknown }
  }
  return [current, former].reduce((sum, emitter) => sum + (typeof emitter?.count === 'number' ? emitter.count : 0), 0)
}

/**
 * What the program awaits when it is interrupted rejects. That is no error of the program, and must not end it with 1
 * before it has stopped.
 */
function ignoreInterruption(error: unknown): void {
  if (isError(error) && error instanceof ZeraError) return
  // The program handles such errors itself.
  if (process.listeners('uncaughtException').some(listener => listener !== ignoreInterruption)) return
  try {
    console.error(error)
  } catch {
    console.error(describeThrown(error))
  }
  process.exit(1)
}
