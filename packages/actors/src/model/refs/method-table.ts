/**
 * An object that makes its methods on first use, and keeps them as its own.
 *
 * Only the first use of a name goes through the proxy, which is the object's prototype. After that a call costs the
 * same as any method call.
 *
 * @param table The object to start from; a function stays callable, and loses its `name` and `length` to the methods.
 */
export function methodTable<F>(table: object, make: (method: string) => F): Record<string, F> {
  for (const property of ['name', 'length']) Reflect.deleteProperty(table, property)
  const maker = new Proxy(Object.create(null) as object, {
    get(_target, method) {
      // Never a message: it would make the table look like a promise.
      if (typeof method !== 'string' || method === 'then') return undefined
      // A table also has what every object has.
      if (method in Object.prototype) return Reflect.get(Object.prototype, method) as unknown
      const value = make(method)
      Object.defineProperty(table, method, { value, enumerable: true })
      return value
    },
  })
  return Object.setPrototypeOf(table, maker) as Record<string, F>
}
