/** What a message is besides its values: JSON data that its sender and its receiver agree on. */
export type Head = readonly (string | number | null)[]

/** How messages with values look to those who send and receive them. */
export interface MessageFormat {
  /**
   * A message.
   *
   * @param values What `decodeValues` reads, once, before the message is finished.
   */
  body(head: Head, key: number, values: unknown): unknown
  /**
   * Its JSON text.
   *
   * @param values What `encodeValues` wrote.
   */
  text(head: Head, key: number, values: string): string
}

/** Messages that are their values, and nothing else. */
export const VALUES_ALONE: MessageFormat = {
  body: (_head, _key, values) => values,
  text: (_head, _key, values) => values,
}
