import type { CheckedSpec, CheckedSupervisor } from '../checked-spec.js'
import { countRestart, type RestartWindow } from './restart-window.js'

/** What a supervisor does about a child that has ended. */
export type ExitPlan =
  | { readonly action: 'restart'; readonly window: RestartWindow }
  /** The child is not to be restarted. */
  | { readonly action: 'leave' }
  /** The supervisor's work is done: it ends, normally. */
  | { readonly action: 'shut-down' }
  /** It would be one restart too many. */
  | { readonly action: 'give-up' }

/** A child that has ended, with the facts for the decision. */
export interface ExitSituation {
  readonly child: Pick<CheckedSpec, 'restart' | 'significant'>
  /** Whether it failed, or its thread went down. Otherwise it ended of its own accord. */
  readonly hasFailed: boolean
  /** Whether another significant child runs. */
  readonly hasSignificantSibling: boolean
  readonly supervisor: Pick<CheckedSupervisor, 'autoShutdown' | 'maxRestarts' | 'periodMs'>
  readonly window: RestartWindow
}

/** Decides what to do about a child that has ended by itself. The rules are those of OTP's supervisor. */
export function planExit(
  { child, hasFailed, hasSignificantSibling, supervisor, window }: ExitSituation,
  nowMs: number,
): ExitPlan {
  if (child.restart === 'permanent' || (child.restart === 'transient' && hasFailed)) {
    const counted = countRestart(window, nowMs, supervisor)
    return counted.isAllowed ? { action: 'restart', window: counted.window } : { action: 'give-up' }
  }
  const endsSupervisor =
    child.significant &&
    (supervisor.autoShutdown === 'any' || (supervisor.autoShutdown === 'all' && !hasSignificantSibling))
  return { action: endsSupervisor ? 'shut-down' : 'leave' }
}

/** The siblings that stop and start with a child that is restarted. */
export interface RestartGroup<T> {
  /** The siblings that are stopped first, last started first. */
  readonly stop: readonly T[]
  /** The children that then start, in their order, including the child itself. Temporary ones do not. */
  readonly start: readonly T[]
}

/**
 * Decides which siblings share the fate of a child that is restarted. As in OTP, one that had ended before is started
 * again with the others.
 */
export function restartGroup<T extends { readonly restart: CheckedSpec['restart'] }>(
  strategy: CheckedSupervisor['strategy'],
  children: Iterable<T>,
  child: T,
): RestartGroup<T> {
  if (strategy === 'one-for-one') return { stop: [], start: [child] }
  const all = [...children]
  const group = strategy === 'one-for-all' ? all : all.slice(all.indexOf(child))
  return {
    stop: group.filter(other => other !== child).toReversed(),
    start: group.filter(({ restart }) => restart !== 'temporary'),
  }
}
