import type { ActorCommit, CommitOutcome, CommitReport } from '@zera/actors/internal'
import { realTimers } from '@zera/core/internal'

interface Waiting {
  readonly changes: readonly ActorCommit[]
  readonly settle: (report: CommitReport) => void
}

/** Puts together what several hosts commit in a turn. Of one actor a group has one change, and the next group the next. */
export class GroupCommit {
  readonly #write: (changes: readonly ActorCommit[]) => CommitOutcome[] | Promise<CommitOutcome[]>
  readonly #problemOf: (error: unknown) => Error
  #waiting: Waiting[] = []

  /**
   * @param write Writes changes of different actors in one transaction. What it throws is the report of all of them.
   * @param problemOf What that means.
   */
  constructor(
    write: (changes: readonly ActorCommit[]) => CommitOutcome[] | Promise<CommitOutcome[]>,
    problemOf: (error: unknown) => Error,
  ) {
    this.#write = write
    this.#problemOf = problemOf
  }

  /** Adds changes to the group of this turn. Resolves when they are on disk, and never rejects. */
  add(changes: readonly ActorCommit[]): Promise<CommitReport> {
    return new Promise(settle => {
      this.#waiting.push({ changes, settle })
      if (this.#waiting.length === 1) realTimers.setImmediate(() => void this.#commit(this.#waiting.splice(0)))
    })
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const changes = group.flatMap(waiting => waiting.changes)
    try {
      const outcomes: CommitOutcome[] = []
      for (const together of withoutRepeats(changes)) outcomes.push(...(await this.#write(together)))
      for (const waiting of group) waiting.settle({ outcomes: outcomes.splice(0, waiting.changes.length) })
    } catch (error) {
      const unavailable = this.#problemOf(error)
      for (const { settle } of group) settle({ unavailable })
    }
  }
}

/** Divides changes so that no part has two of one actor. */
function withoutRepeats(changes: readonly ActorCommit[]): ActorCommit[][] {
  const parts: ActorCommit[][] = []
  let keys = new Set<string>()
  for (const change of changes) {
    if (parts.length === 0 || keys.has(change.key)) {
      parts.push([])
      keys = new Set()
    }
    keys.add(change.key)
    parts.at(-1)?.push(change)
  }
  return parts
}
