/** Options with all their defaults. */
export type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> }

/** Each may be left out, or be undefined. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The options that have a value: one that is undefined is as good as left out, and must not hide its default. */
export function withoutUndefined<T extends object>(options: T): { readonly [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
