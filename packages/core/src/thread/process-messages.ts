// What a detached process and the process that started it send to each other.

/** The message to a process at its start. */
export interface ProcessSeed {
  readonly name: string
  readonly url: string
  readonly data: unknown
}

/** Later messages to a process. */
export type ProcessOrder =
  | 'stop'
  /** It ends itself when it has more resident memory than so many MiB. */
  | { readonly maxRssMb: number }

/** What a process says of itself. */
export type ProcessReport =
  | { readonly said: 'ready'; readonly told: string | undefined }
  | { readonly said: 'stopped' }
  | { readonly said: 'threw'; readonly error: Error }
  /** It has more memory than it may, and ends itself now. */
  | { readonly said: 'over-limit'; readonly maxRssMb: number; readonly rssMb: number }
