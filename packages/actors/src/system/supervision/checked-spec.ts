import {
  NUMBER,
  expectHeapMb,
  expectName,
  expectNumber,
  expectOptions,
  expectWorkerSettings,
  optionNames,
  type StartService,
  type WorkerSettings,
  withoutUndefined,
} from '@zera/core/internal'
import type { ActorDefinition } from '../../model/actor-definition.js'
import { expectDefinition, isDefinition } from '../../model/definition.js'
import { needsNew } from '../../model/modules/classes.js'
import { expectBackoff, paceOf, type Pace } from '../../model/supervision/backoff.js'
import {
  CHILD_OPTION_NAMES,
  DEFAULT_CHILD_SPEC,
  spawnOf,
  type AnySpawnOptions,
  type ChildSpec,
  type Placement,
  type Restart,
  type SupervisorSpec,
} from '../../model/supervision/child-spec.js'
import { expectPathName } from '../../model/supervision/path-name.js'
import {
  DEFAULT_SUPERVISOR,
  type AutoShutdown,
  type Strategy,
  type SupervisorOptions,
} from '../../model/supervision/supervisor-spec.js'

const CHILD_OPTIONS = optionNames<ChildSpec>({ ...CHILD_OPTION_NAMES, start: true })
const PLACEMENT = optionNames<{ readonly node: string; readonly ownThread: WorkerSettings }>({
  node: true,
  ownThread: true,
})
const WORKER_SETTINGS = optionNames<WorkerSettings>({
  env: true,
  argv: true,
  execArgv: true,
  stdout: true,
  stderr: true,
})
const SUPERVISOR_OPTIONS = optionNames<SupervisorSpec>({
  children: true,
  strategy: true,
  maxRestarts: true,
  periodMs: NUMBER,
  autoShutdown: true,
  backoff: true,
})
const RESTARTS: readonly Restart[] = ['permanent', 'transient', 'temporary']

/** What a child of one kind runs. */
export type Start =
  | {
      readonly kind: 'actor'
      /** The module and the class of the actor; this thread need not have imported it. */
      readonly definition: Pick<ActorDefinition<object>, 'url' | 'name'>
      readonly name: string
      /** Whether its name says only which worker of a pool it is: no lookup finds it by that. */
      readonly isWorker?: true
      readonly props: unknown
      readonly placement: Placement
      readonly maxHeapMb: number | undefined
      readonly maxRssMb: number | undefined
    }
  | { readonly kind: 'service'; readonly start: StartService }
  | { readonly kind: 'supervisor'; readonly supervisor: CheckedSupervisor }

/** A child's spec with its defaults filled in. */
export interface CheckedSpec {
  readonly id: string | undefined
  readonly start: Start
  readonly restart: Restart
  readonly shutdownMs: number | 'kill'
  readonly significant: boolean
}

/** A supervisor's spec with its defaults filled in. */
export interface CheckedSupervisor {
  readonly strategy: Strategy
  readonly maxRestarts: number
  readonly periodMs: number
  readonly autoShutdown: AutoShutdown
  readonly pace: Pace
  readonly children: readonly CheckedSpec[]
}

/**
 * Fills in the defaults of a child, and of its children.
 *
 * @param action What fails otherwise, in words.
 * @throws {RangeError} When a number is negative or none, or a word is unknown.
 * @throws {TypeError} When it starts nothing that can be started, a heap limit has no thread of its own to limit, or it
 *   is significant and may not be.
 */
export function checkSpec(
  spec: ChildSpec,
  autoShutdown: AutoShutdown = DEFAULT_SUPERVISOR.autoShutdown,
  action = 'start a child',
): CheckedSpec {
  expectChild(action, spec)
  expectOptions(action, spec, CHILD_OPTIONS)
  if (spec.id !== undefined) expectPathName(action, 'id', spec.id)
  const start = checkStart(action, spec)
  const { restart = DEFAULT_CHILD_SPEC.restart, significant = DEFAULT_CHILD_SPEC.significant } = spec
  const { shutdownMs = start.kind === 'supervisor' ? Infinity : DEFAULT_CHILD_SPEC.shutdownMs } = spec
  expectWord(action, 'restart', restart, RESTARTS)
  if (shutdownMs !== 'kill') expectNumber(action, 'shutdownMs', shutdownMs)
  if (significant && restart === 'permanent')
    throw new TypeError(`Cannot ${action}: it is permanent, so it cannot be significant; use transient or temporary`)
  if (significant && autoShutdown === 'never')
    throw new TypeError(`Cannot ${action}: it is significant, so its supervisor needs autoShutdown: 'any' or 'all'`)
  return { id: spec.id, start, restart, shutdownMs, significant }
}

/**
 * Fills in the defaults of a supervisor.
 *
 * @throws {RangeError} When a number is negative or none, or a word is unknown.
 * @throws {TypeError} When two children have one id.
 */
export function checkSupervisor(
  options: SupervisorOptions,
  children: readonly ChildSpec[] = [],
  action = 'start a supervisor',
): CheckedSupervisor {
  expectOptions(action, options, SUPERVISOR_OPTIONS)
  const checked = { ...DEFAULT_SUPERVISOR, ...withoutUndefined(options) }
  const { strategy, maxRestarts, periodMs, autoShutdown } = checked
  expectWord(action, 'strategy', strategy, ['one-for-one', 'one-for-all', 'rest-for-one'])
  expectWord(action, 'autoShutdown', autoShutdown, ['never', 'any', 'all'])
  expectPace(action, checked)
  return {
    strategy,
    maxRestarts,
    periodMs,
    autoShutdown,
    pace: paceOf(checked.backoff, checked),
    children: children.map(child => checkSpec(child, autoShutdown)),
  }
}

/**
 * The spec of an actor that is spawned, with the defaults filled in.
 *
 * @throws {RangeError}
 * @throws {TypeError} As
 * `checkSpec`.
 */
export function checkSpawn(
  definition: Pick<ActorDefinition<object>, 'url' | 'name'>,
  options: AnySpawnOptions,
): CheckedSpec {
  const { restart = 'transient', shutdownMs = DEFAULT_CHILD_SPEC.shutdownMs } = options
  const action = spawnOf(definition, options)
  const start = actorStart(action, definition, options)
  expectPace(action, options)
  expectWord(action, 'restart', restart, RESTARTS)
  if (shutdownMs !== 'kill') expectNumber(action, 'shutdownMs', shutdownMs)
  return { id: undefined, start, restart, shutdownMs, significant: false }
}

/** Checks how often something may be restarted, and after what time. */
function expectPace(
  action: string,
  { maxRestarts, periodMs, backoff }: Pick<SupervisorOptions, 'maxRestarts' | 'periodMs' | 'backoff'>,
): void {
  if (backoff !== undefined) expectBackoff(action, backoff)
  if (maxRestarts !== undefined) expectNumber(action, 'maxRestarts', maxRestarts)
  if (periodMs !== undefined) expectNumber(action, 'periodMs', periodMs)
  if (backoff === undefined) return
  const { firstMs, factor, maxMs } = backoff
  for (const [name, value] of Object.entries({ firstMs, factor, maxMs })) expectNumber(action, `backoff.${name}`, value)
}

/** A child is passed with what it starts, and not by itself. */
function expectChild(action: string, spec: unknown): void {
  if (isDefinition(spec))
    throw new TypeError(
      `Cannot ${action}: it is the definition ${spec.name} and no spec of a child; pass child(${spec.name}), or { start: ${spec.name} }`,
    )
  const isSpec =
    typeof spec === 'object' && spec !== null && ('start' in spec || Object.getPrototypeOf(spec) === Object.prototype)
  if (!isSpec) expectDefinition(action, spec)
}

function checkStart(action: string, spec: ChildSpec): Start {
  const { start } = spec
  // No service starts by a call of a class.
  if (typeof start === 'function' && !needsNew(start)) return { kind: 'service', start }
  if (isSupervisor(start)) return { kind: 'supervisor', supervisor: checkSupervisor(start, start.children, action) }
  expectDefinition(`${action}: its start is neither a StartService nor { children }`, start)
  return actorStart(action, start, spec)
}

function actorStart(
  action: string,
  { url, name: definition }: Pick<ActorDefinition<object>, 'url' | 'name'>,
  options: Pick<ChildSpec, 'name' | 'props' | 'placement' | 'maxHeapMb' | 'maxRssMb'>,
): Start {
  const { name, props, placement = DEFAULT_CHILD_SPEC.placement, maxHeapMb, maxRssMb } = options
  // A name that is none stands in no text.
  if (name !== undefined) expectPathName('start an actor', 'name', name)
  if (typeof placement === 'object' && placement !== null && 'ownThread' in placement)
    expectOwnThread(action, placement)
  else if (typeof placement === 'object') expectNodeName(action, placement)
  else expectWord(action, 'placement', placement, ['shared', 'own-thread', 'own-process', 'main', 'any-node'])
  expectHeapMb(action, maxHeapMb)
  if (maxRssMb !== undefined && !(typeof maxRssMb === 'number' && maxRssMb > 0))
    throw new RangeError(`Cannot ${action}: maxRssMb must be a number of MiB above 0, not ${String(maxRssMb)}`)
  const isAlone =
    placement === 'own-thread' ||
    placement === 'own-process' ||
    (typeof placement === 'object' && 'ownThread' in placement)
  if (maxHeapMb !== undefined && !isAlone)
    throw new TypeError(`Cannot ${action}: maxHeapMb limits a thread; use placement: 'own-thread' or 'own-process'`)
  if (maxRssMb !== undefined && placement !== 'own-process')
    throw new TypeError(`Cannot ${action}: maxRssMb limits a process; use placement: 'own-process'`)
  if (placement === 'own-process' && !url.startsWith('file:')) {
    throw new TypeError(
      `Cannot ${action}: its module ${url.slice(0, 100)} is no file, so another process cannot import it; define it in a file, or use placement: 'own-thread'`,
    )
  }
  return {
    kind: 'actor',
    definition: { url, name: definition },
    name: name ?? '',
    props,
    placement,
    maxHeapMb,
    maxRssMb,
  }
}

function isSupervisor(start: ChildSpec['start']): start is SupervisorSpec {
  return typeof start === 'object' && start !== null && Array.isArray((start as SupervisorSpec).children)
}

function expectOwnThread(action: string, placement: { readonly ownThread: WorkerSettings }): void {
  const { ownThread, ...others } = placement
  const [other] = Object.keys(others)
  if (other !== undefined)
    throw new TypeError(`Cannot ${action}: placement has both ${other} and ownThread; pass one of them`)
  if (typeof ownThread !== 'object' || (ownThread as unknown) === null)
    throw new TypeError(
      `Cannot ${action}: placement.ownThread must be an object; use placement: 'own-thread' when it has no settings`,
    )
  expectOptions(`${action}: placement.ownThread`, ownThread, WORKER_SETTINGS)
  expectWorkerSettings(action, ownThread)
}

function expectNodeName(action: string, placement: { readonly node: string }): void {
  expectOptions(`${action}: placement`, placement, PLACEMENT)
  const { node } = placement
  if (typeof node !== 'string' || node === '')
    throw new RangeError(`Cannot ${action}: placement must be a word, or { node } with a node's name`)
  expectName(action, 'placement.node', node)
}

function expectWord(action: string, name: string, word: unknown, words: readonly string[]): void {
  if (!words.includes(word as string))
    throw new RangeError(`Cannot ${action}: ${name} must be ${words.join(', ')}, not ${String(word)}`)
}
