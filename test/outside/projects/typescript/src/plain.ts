export interface Weighed {
  readonly grams: number
}

export function twice({ grams }: Weighed): number {
  return 2 * grams
}
