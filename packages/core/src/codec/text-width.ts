// V8 knows at once that most texts have no such character.
const WIDE = /[^\0-\xff]/

/** Whether a text has characters that take more than a byte. */
export function isWide(text: string): boolean {
  return WIDE.test(text)
}
