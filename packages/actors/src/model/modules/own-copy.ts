import { describeCopies, joinCopies, type Copy } from '@zera/core/internal'

/** The version of this package, which `scripts/bundle.js` puts here; what tsc writes has none. */
declare const ZERA_VERSION: string | undefined

const recognizers: ((value: unknown) => boolean)[] = []
const copy: Copy = {
  url: import.meta.url,
  version: typeof ZERA_VERSION === 'string' ? ZERA_VERSION : undefined,
  hasMade: value => recognizers.some(isMade => isMade(value)),
}
const copies = joinCopies('@zera/actors', copy)

/** Lets other copies of this package know what this one makes, and they cannot use. */
export function recognize(isMade: (value: unknown) => boolean): void {
  recognizers.push(isMade)
}

/** The hint for a value that another copy of this package made. With one copy, asking costs nothing. */
export function foreignCopy(value: unknown): string | undefined {
  const other = copies.length > 1 ? copies.find(each => each !== copy && each.hasMade?.(value)) : undefined
  return other && `it was made by ${describeCopies('@zera/actors', copy, other)}`
}
