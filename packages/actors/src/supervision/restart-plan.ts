import type { ChildSpec } from './child-spec.js'
import { countRestart, type RestartWindow } from './restart-window.js'

/** What a supervisor does about a child that has failed. */
export type RestartPlan =
  | { readonly action: 'restart'; readonly window: RestartWindow }
  /** The child is not one to be restarted. */
  | { readonly action: 'remove' }
  /** It would be one restart too many. */
  | { readonly action: 'give-up' }

/** Decides what to do about a child that has failed, or whose thread went down. */
export function planRestart(spec: ChildSpec, window: RestartWindow, nowMs: number): RestartPlan {
  if (spec.restart === 'temporary') return { action: 'remove' }
  const counted = countRestart(window, nowMs, spec)
  return counted.isAllowed ? { action: 'restart', window: counted.window } : { action: 'give-up' }
}
