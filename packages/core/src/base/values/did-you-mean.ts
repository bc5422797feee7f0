/** Longer words are not compared: they come from messages of others, too, and the comparison takes the square of it. */
const LONGEST_WORD = 60
const MOST_WORDS = 500

/**
 * The word that was probably meant by one that is none of them: the nearest, when few letters differ, or the only one
 * that begins so. Undefined when none is near.
 */
export function nearestWord(wrong: string, words: Iterable<string>): string | undefined {
  if (wrong === '' || wrong.length > LONGEST_WORD) return undefined
  const candidates = [...words].filter(({ length }) => length > 0 && length <= LONGEST_WORD).slice(0, MOST_WORDS)
  const letters = wrong.toLowerCase()
  // One of three letters may differ, as in `addd`, `ad` or `timeout`.
  const most = Math.max(1, Math.floor(wrong.length / 3))
  let nearest: string | undefined
  let least = most + 1
  for (const word of candidates) {
    const distance = editDistance(letters, word.toLowerCase())
    if (distance >= least || distance >= word.length) continue
    least = distance
    nearest = word
  }
  if (nearest !== undefined || wrong.length < 3) return nearest
  const longer = candidates.filter(word => word.toLowerCase().startsWith(letters))
  return longer.length === 1 ? longer[0] : undefined
}

/** The end of an error about a word that is unknown: `; did you mean add?`, or nothing. */
export function didYouMean(wrong: string, words: Iterable<string>): string {
  const nearest = nearestWord(wrong, words)
  return nearest === undefined ? '' : `; did you mean ${nearest}?`
}

/**
 * How many letters have to be added, left out, replaced or swapped with the next to turn one word into another: the
 * optimal string alignment distance.
 */
export function editDistance(from: string, to: string): number {
  let before: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let row = 1; row <= from.length; row++) {
    const next = [row]
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1
      let least = Math.min(
        (last[column] as number) + 1,
        (next[column - 1] as number) + 1,
        (last[column - 1] as number) + differs,
      )
      const isSwapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      if (isSwapped) least = Math.min(least, (before[column - 2] as number) + 1)
      next.push(least)
    }
    before = last
    last = next
  }
  return last[to.length] as number
}
