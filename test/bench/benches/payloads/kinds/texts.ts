import { chanceOf, pick } from './chance.js'

/** Words of an alphabet. V8 keeps the first two in a byte a character, the others in two. */
export const WORDS = {
  ASCII: ['order', 'of', 'seven', 'brass', 'screws', 'the', 'packer', 'left', 'at', 'noon', 'via', 'Harwich', '(12,5)'],
  'Latin-1': ['façade', 'größer', 'señor', 'là', 'déjà', 'Ærø', 'naïve', 'für', 'ÿ', 'crème', 'brûlée', 'Übung', '½'],
  Cyrillic: ['заказ', 'семи', 'латунных', 'винтов', 'в', 'полдень', 'упаковщик', 'ушёл', 'через', 'Псков', '№', 'ещё'],
  emoji: ['😀', '🚀', '🧪', '📦', '🎉', '👩‍💻', '🇫🇮', '👍🏽', '🦜', '🪐', '🍞', '🧵'],
} as const

/** A text of exactly so many characters, as `length` counts them. It is in one piece, not put together from others. */
export function textOf(words: readonly string[], characters: number, seed: number): string {
  const chance = chanceOf(seed)
  const longest = Math.max(...words.map(word => word.length)) + 1
  const pieces: string[] = []
  let left = characters
  while (left >= longest) {
    const piece = `${pick(chance, words)} `
    pieces.push(piece)
    left -= piece.length
  }
  for (; left > 0; left--) pieces.push('.')
  return pieces.join('')
}

/** Tells texts apart by their length and eight of their characters. */
export function markText(text: string): number {
  let mark = text.length
  for (let sample = 0; sample < 8; sample++)
    mark += text.charCodeAt(Math.floor((sample * (text.length - 1)) / 7)) * (sample + 1)
  return mark
}
