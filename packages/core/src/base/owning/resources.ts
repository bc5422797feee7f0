import { LeakError, type OpenResource, type ResourceKind } from '../errors/errors.js'
import { currentOwner } from './owner.js'
import type { Release } from './scope.js'

/** Gives the resources that its owner holds now, for kinds that are too many to track one by one. */
export type ResourceSource = () => Iterable<OpenResource>

const tracked = new Map<symbol, { kind: ResourceKind; name: string; opened: Error }>()
const sources = new Set<ResourceSource>()

let isPermanent = false

/**
 * Runs something whose resources belong to the process and end with it. No code has to close them, so they are not
 * listed.
 */
export function asPermanent<T>(open: () => T): T {
  const was = isPermanent
  isPermanent = true
  try {
    return open()
  } finally {
    isPermanent = was
  }
}

/**
 * Records that something was opened here. Returns the function that records its closing; calling that twice is
 * harmless.
 *
 * @param close Closes it. If an actor's code opened it, `close` is called when the actor's instance ends, for whatever
 *   reason. It may be called twice.
 */
export function trackResource(kind: ResourceKind, name: string, close?: Release): () => void {
  if (isPermanent) return () => undefined
  const key = Symbol(name)
  tracked.set(key, { kind, name, opened: new Error('opened') })
  const disown = close && currentOwner()?.own(`${kind} ${name}`, close)
  return () => {
    tracked.delete(key)
    disown?.()
  }
}

/** Adds an owner of many small resources, which lists them on request. Returns the function that removes it. */
export function trackSource(source: ResourceSource): () => void {
  sources.add(source)
  return () => void sources.delete(source)
}

/**
 * Lists everything that this thread has open: sockets, threads, timers, pending asks, shared blocks.
 *
 * It covers what Zera opened in the calling thread; other threads report theirs in the stop receipt.
 */
export function openResources(): OpenResource[] {
  const open: OpenResource[] = []
  for (const { kind, name, opened } of tracked.values()) open.push({ kind, name, stack: callers(opened) })
  for (const source of sources) open.push(...source())
  return open
}

/**
 * Throws when this thread still has open what Zera opened in it: sockets, threads, timers, pending asks, shared blocks.
 * Call it at the end of a test, or of a program. It closes nothing.
 *
 * @throws {LeakError} With each open resource and the stack that made it, in `open`.
 */
export function expectNoLeaks(): void {
  const open = openResources()
  if (open.length > 0) throw new LeakError(open)
}

function callers(opened: Error): string {
  return (opened.stack ?? '')
    .split('\n')
    .slice(2)
    .map(line => line.trim())
    .join('\n    ')
}
