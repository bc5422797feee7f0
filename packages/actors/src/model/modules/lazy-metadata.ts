/// <reference types="reflect-metadata" />
import { createRequire } from 'node:module'

const NAMES = [
  'decorate',
  'metadata',
  'defineMetadata',
  'hasMetadata',
  'hasOwnMetadata',
  'getMetadata',
  'getOwnMetadata',
  'getMetadataKeys',
  'getOwnMetadataKeys',
  'deleteMetadata',
]

/**
 * Adds to `Reflect` what reflect-metadata adds, and loads that on first use by decorators as tsc writes them, and
 * tsyringe. Most threads never need it, and loading takes 3.5 ms, a twentieth of their start. Existing properties stay.
 * Where `Reflect` is frozen nothing is added, and no class can have metadata.
 */
export function provideMetadata(): void {
  if ('getMetadata' in Reflect || !Object.isExtensible(Reflect)) return
  for (const name of NAMES) {
    Object.defineProperty(Reflect, name, {
      configurable: true,
      get: () => {
        load()
        return Reflect.get(Reflect, name) as unknown
      },
      set: (value: unknown) => {
        Object.defineProperty(Reflect, name, { configurable: true, writable: true, value })
      },
    })
  }
}

/** Whether this thread can have metadata. With `--frozen-intrinsics` it cannot, unless a program has added it before. */
export function canHaveMetadata(): boolean {
  return 'getMetadata' in Reflect
}

/**
 * Whether a class has metadata under a key. This never loads reflect-metadata: until it is loaded, no class has
 * metadata.
 */
export function hasMetadata(key: string, target: object): boolean {
  return canHaveMetadata() && !isPending('hasMetadata') && Reflect.hasMetadata(key, target)
}

function isPending(name: string): boolean {
  return Object.getOwnPropertyDescriptor(Reflect, name)?.get !== undefined
}

function load(): void {
  // First, since the caller may be the module itself, which a program has imported.
  for (const name of NAMES) if (isPending(name)) Reflect.deleteProperty(Reflect, name)
  createRequire(import.meta.url)('reflect-metadata')
}
