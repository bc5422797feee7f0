/** What a worker is to do. */
export interface Task {
  /** A number to find the largest prime factor of, the slow way. */
  readonly number: number
}

/** What came of it. A worker that throws has failed itself, and would be started again. */
export type Outcome = { readonly result: number } | { readonly error: string }

/** Some tasks fail, so that they are tried again. */
export const UNLUCKY = 13

/** When, and how important. */
export interface JobOptions {
  /** Higher ones come first. Default 0. */
  readonly priority?: number
  /** Milliseconds until it may begin. Default 0. */
  readonly delayMs?: number
}

/** A job, as the queue keeps it. */
export interface Job extends Task {
  readonly id: string
  readonly priority: number
  state: 'delayed' | 'waiting' | 'running' | 'done' | 'failed'
  attempts: number
  result?: number
  error?: string
}

/** How far a queue is. */
export interface Progress {
  readonly done: number
  readonly failed: number
  readonly total: number
}
