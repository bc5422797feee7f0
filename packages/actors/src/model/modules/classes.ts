/**
 * Whether a function is a class. The prototype of a class is read-only. Constructor functions of the time before
 * classes have methods on theirs.
 */
export function isClass(value: Function): value is abstract new (...args: never[]) => object {
  const prototype = Object.getOwnPropertyDescriptor(value, 'prototype')
  return (
    prototype !== undefined &&
    (prototype.writable === false || Object.getOwnPropertyNames(prototype.value).some(name => name !== 'constructor'))
  )
}

/** Whether only `new` can call a function, as the language says. */
export function needsNew(value: unknown): boolean {
  return typeof value === 'function' && Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false
}
