import type * as OddValues from '../../../packages/core/dist/fixtures/odd-values.js'

/** What cannot be read, in every way: core's own fixture, which lies elsewhere when it is compiled. */
export async function loadOddValues(): Promise<typeof OddValues> {
  return (await import(
    new URL('../../../../packages/core/dist/fixtures/odd-values.js', import.meta.url).href
  )) as typeof OddValues
}
