import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks'
import { isMap } from 'node:util/types'

/** A resource in whose scope no AsyncLocalStorage has a store, and which says when code enters one there. */
interface Root {
  readonly resource: AsyncResource
  /** Takes back what was entered. */
  leave(): void
}

/**
 * Up to Node 22 a store lies on the object of async_hooks whose code runs, and is written there; from 24 on all stores
 * are in a frame of V8's, and entering one copies that frame.
 */
const areOnResources = Object.hasOwn(new AsyncLocalStorage(), 'kResourceStore')

/** Whether something was entered in the innermost scope. */
let hasEntered = false
/** Whether what is entered now needs no notice. */
let isUnnoticed = false
/** How many scopes there are in each other. */
let depth = 0
/** One for each depth. */
const roots: Root[] = []
const cannotNotice = !areOnResources && !noticesFrames()

/**
 * Runs something in no async context: no AsyncLocalStorage has a store there, whatever the caller. What is made there,
 * such as a timer, a socket or a thread, has none either, and so does not keep that of a request. What the code enters
 * ends with it.
 *
 * Whatever calls code of users for a message, or makes what many share, does it in here.
 */
export function inRootContext<T>(run: () => T): T {
  const root = (roots[depth] ??= areOnResources ? createOwnRoot() : (roots[0] ?? createFrameRoot()))
  const outerHasEntered = hasEntered
  hasEntered = false
  depth += 1
  try {
    return root.resource.runInAsyncScope(run)
  } finally {
    depth -= 1
    hasEntered = outerHasEntered
    root.leave()
  }
}

/**
 * Does one step of a loop that runs in the root context: it sees nothing of what one before has entered. That costs a
 * scope only where something was.
 */
export function stepInRootContext<A, T>(step: (argument: A) => T, argument: A): T {
  return hasEntered || cannotNotice ? inRootContext(() => step(argument)) : step(argument)
}

/**
 * Enters a store of our own, which the same code leaves in the same turn: it needs no scope for the next step. Up to
 * Node 22, that is; from 24 on what is taken back leaves another frame, in which nothing would be noticed.
 */
export function enterUnnoticed<T>(storage: AsyncLocalStorage<T>, store: T): void {
  isUnnoticed = areOnResources
  storage.enterWith(store)
  isUnnoticed = false
}

/**
 * Stores are written on its resource, so each depth has its own. It notices by its prototype, which is asked for what
 * is not there; as a Proxy itself it would be three times as slow.
 */
function createOwnRoot(): Root {
  const isStore = (key: symbol): boolean => key.description === 'kResourceStore'
  const resource = createResource(isStore)
  const entered = new Set<PropertyKey>()
  const own = (key: PropertyKey, value: unknown): boolean =>
    Reflect.defineProperty(resource, key, { value, writable: true, configurable: true })
  const prototype = new Proxy(AsyncResource.prototype, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      // What Node looks for each time, and what no resource of a program has, is found faster when it is there.
      if (value === undefined && typeof key === 'symbol' && !isStore(key)) own(key, undefined)
      return value
    },
    set(_prototype, key, value) {
      if (!isUnnoticed) {
        hasEntered = true
        entered.add(key)
      }
      return own(key, value)
    },
  })
  Object.defineProperty(resource, 'runInAsyncScope', { value: Reflect.get(resource, 'runInAsyncScope') })
  Object.setPrototypeOf(resource, prototype)
  return {
    resource,
    leave: () => {
      if (entered.size === 0) return
      for (const key of entered) Reflect.deleteProperty(resource, key)
      entered.clear()
    },
  }
}

/** Its frame is empty and stays so. Entering a store iterates over it, to copy it. */
function createFrameRoot(): Root {
  const frame = frameOf(new AsyncLocalStorage())
  if (frame !== undefined) {
    Map.prototype.clear.call(frame)
    Object.defineProperty(frame, Symbol.iterator, {
      value: () => {
        hasEntered = true
        return [].values()
      },
    })
  }
  const resource = createResource(key => key.description === 'context_frame', frame)
  return { resource, leave: () => undefined }
}

/** The frame in which a storage has a store; undefined where Node keeps it elsewhere. */
function frameOf(storage: AsyncLocalStorage<unknown>): Map<unknown, unknown> | undefined {
  const resource = storage.run(true, () => new AsyncResource('ZERA'))
  const key = Object.getOwnPropertySymbols(resource).find(({ description }) => description === 'context_frame')
  const frame: unknown = key === undefined ? undefined : Reflect.get(resource, key)
  return isMap(frame) ? frame : undefined
}

/** A resource takes over the stores of the code that makes it, which may have loaded this module for a request. */
function createResource(isStore: (key: symbol) => boolean, frame?: unknown): AsyncResource {
  const resource = new AsyncResource('ZERA')
  for (const key of Object.getOwnPropertySymbols(resource).filter(isStore)) {
    if (areOnResources) Reflect.deleteProperty(resource, key)
    else Reflect.set(resource, key, frame)
  }
  return resource
}

/** Whether it shows when something is entered. On what else Node may come to, each step has a scope of its own. */
function noticesFrames(): boolean {
  return inRootContext(() => {
    new AsyncLocalStorage().enterWith(true)
    return hasEntered
  })
}
