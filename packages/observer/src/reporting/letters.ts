import { inspect } from 'node:util'
import type { ObservedLetter } from '@zera/actors/internal'
import { messageOf } from '@zera/core/internal'
import type { LetterState } from '../model/state.js'
import { titleOf } from '../model/title-of.js'

/** What is shown of one is cut at so many characters. */
const LONGEST = 1000
const SHOWN = { depth: 3, maxArrayLength: 10, maxStringLength: 200, breakLength: 100 }

/** A dead letter as a person sees it. Its arguments may be secret, so they come along only where that is wanted. */
export function letterOf({ number, letter, atMs }: ObservedLetter, showsPayloads: boolean): LetterState {
  const { target, method, reason, error, args } = letter
  return {
    number,
    atMs,
    target: titleOf({ id: target.id, name: target.name ?? '', definition: target.definition ?? 'actor' }),
    method,
    reason,
    error: error === undefined ? undefined : messageOf(error).slice(0, LONGEST),
    args: showsPayloads
      ? args
          .map(each => inspect(each, SHOWN))
          .join(', ')
          .slice(0, LONGEST)
      : undefined,
  }
}
