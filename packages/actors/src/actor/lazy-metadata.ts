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
 * Adds to `Reflect` what reflect-metadata adds, and loads that when somebody looks for it: decorators as tsc writes
 * them, and tsyringe. Most threads never do, and it takes 3.5 ms, a twentieth of their start. What is there already
 * stays.
 */
export function provideMetadata(): void {
  if ('getMetadata' in Reflect) return
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

/** Whether a class has metadata under a key. Nothing is loaded to find out: without it nothing has any. */
export function hasMetadata(key: string, target: object): boolean {
  return !isPending('hasMetadata') && Reflect.hasMetadata(key, target)
}

function isPending(name: string): boolean {
  return Object.getOwnPropertyDescriptor(Reflect, name)?.get !== undefined
}

function load(): void {
  // First, since who looks may be the module itself, which a program has imported.
  for (const name of NAMES) if (isPending(name)) Reflect.deleteProperty(Reflect, name)
  createRequire(import.meta.url)('reflect-metadata')
}
