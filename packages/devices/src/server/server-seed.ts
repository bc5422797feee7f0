/** What a thread of a server gets at its start. */
export interface ServerSeed {
  /** The module that has the handler. */
  readonly handler: string
  /** Where the requests come from. */
  readonly endpoint: string
  /** What the server calls this life of the thread. */
  readonly routingId: string
  /** The handler's own. */
  readonly data: unknown
}
