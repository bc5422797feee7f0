/** What `import()` gives of a module. */
type Namespace = Readonly<Record<string, unknown>>

/**
 * What a module exports under a name, as one that imports it by a statement gets it.
 *
 * `import()` puts all that a CommonJS module exports under `default`, and besides that only those names that Node finds
 * in its text. What a compiler made of `export default` lies one step deeper, at a module that says `__esModule`.
 */
export function exportOf(namespace: object, name: string): unknown {
  const exports = namespace as Namespace
  if (name === 'default') return isCompiled(exports['default']) ? exports['default'].default : exports['default']
  return Object.hasOwn(exports, name) ? exports[name] : ownValue(exports['default'], name)
}

/**
 * All that a module exports, also what Node did not find in the text of a CommonJS one. What cannot be read is left
 * out.
 */
export function exportsOf(namespace: object): readonly unknown[] {
  const exports = namespace as Namespace
  return [...ownValues(exports), ...ownValues(exports['default'])]
}

function isCompiled(value: unknown): value is { readonly default: unknown } {
  return ownValue(value, '__esModule') === true
}

function ownValues(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.keys(value).map(name => ownValue(value, name)) : []
}

function ownValue(value: unknown, name: string): unknown {
  try {
    return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  } catch {
    // A getter, or a proxy: a module may export anything.
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
