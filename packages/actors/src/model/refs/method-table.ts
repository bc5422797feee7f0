/**
 * An object that makes its methods when they are first used, and keeps them as its own.
 *
 * Only the first use of a name passes the proxy, which is the object's prototype; after that a call costs what any
 * method call does.
 *
 * @param table The object to start from; a function stays callable, and loses its `name` and `length` to the methods.
 */
export function methodTable<F>(table: object, make: (method: string) => F): Record<string, F> {
  for (const property of ['name', 'length']) Reflect.deleteProperty(table, property)
  const maker = new Proxy(Object.create(null) as object, {
    get(_target, method) {
      // Nobody's method: it would make the table look like a promise.
      if (typeof method !== 'string' || method === 'then') return undefined
      // What every object has, a table has, too.
      if (method in Object.prototype) return Reflect.get(Object.prototype, method) as unknown
      const value = make(method)
      Object.defineProperty(table, method, { value, enumerable: true })
      return value
    },
  })
  return Object.setPrototypeOf(table, maker) as Record<string, F>
}
