import { types } from 'node:util'
import { describeValue, exportOf, exportsOf } from '@zera/core/internal'
import { isClass } from './classes.js'

/** The longest address of a module that a text shows, in characters. */
const LONGEST_ADDRESS = 200

/**
 * What was passed where a definition belongs, and what to pass: `it is the class Counter and no definition; pass what
 * defineActor(import.meta.url, Counter) returned`.
 *
 * @param isDefinition Whether one of the exports of a module is the definition that is meant.
 */
export function noDefinition(value: unknown, isDefinition: (value: unknown) => boolean): string {
  const [what, remedy] = seenAs(value, isDefinition)
  return `it is ${what} and no definition; ${remedy}`
}

function seenAs(value: unknown, isDefinition: (value: unknown) => boolean): readonly [what: string, remedy: string] {
  if (value === undefined)
    return ['undefined', 'see that its module exports it under that name, and that no modules import each other']
  if (typeof value === 'function') return ofFunction(value)
  if (typeof value === 'string')
    return [
      `the text ${JSON.stringify(value.slice(0, LONGEST_ADDRESS))}`,
      'if it is the address of a module, import the definition from there, and pass that',
    ]
  if (typeof value !== 'object' || value === null) return shown(value)
  if (types.isModuleNamespaceObject(value) || holdsDefinition(value, isDefinition)) return ofModule(value, isDefinition)
  if (types.isProxy(value)) return shown(value)
  if (value instanceof URL)
    return [
      `the URL ${value.href.slice(0, LONGEST_ADDRESS)}`,
      'import the definition from the module that has this address, and pass that',
    ]
  if (types.isPromise(value)) return ['a promise', 'await it, and pass its value, or the default export of that']
  if (isRef(value)) return [describeValue(value), 'it runs already; pass the definition that it was started from']
  return shown(value)
}

function ofFunction(value: Function): readonly [string, string] {
  const name = value.name === '' ? '' : ` ${value.name}`
  const argument = value.name === '' ? 'it' : value.name
  return [
    `${isClass(value) ? 'the class' : 'the function'}${name}`,
    `pass what defineActor(import.meta.url, ${argument}) returned in its module`,
  ]
}

function ofModule(value: object, isDefinition: (value: unknown) => boolean): readonly [string, string] {
  const keys = Object.keys(value).filter(key => isDefinition(exportOf(value, key)))
  const key = keys.includes('default') ? 'default' : keys[0]
  return [
    'a module',
    key === undefined
      ? 'it exports none either; call defineActor(import.meta.url, …) there, export what that returns, and pass the export'
      : `pass its export ${key}`,
  ]
}

/** A runner of tests makes a proxy of some modules. */
function holdsDefinition(value: object, isDefinition: (value: unknown) => boolean): boolean {
  try {
    return exportsOf(value).some(isDefinition)
  } catch {
    return false
  }
}

/** It may come from another copy of this package. */
function isRef(value: object): boolean {
  return 'address' in value && 'tell' in value && 'ask' in value
}

function shown(value: unknown): readonly [string, string] {
  return [describeValue(value), 'pass what defineActor returned']
}
