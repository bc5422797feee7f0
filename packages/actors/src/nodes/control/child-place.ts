/** Where a child of a system listens, as the system says: a folder that it makes, or a port. */
export type ChildPlace =
  | { readonly endpoint: string; readonly directory: string }
  /** With the public key of the system, the only one that it lets in. */
  | { readonly endpoint: string; readonly client: string }

/** Where a child with a port is reached, as it says when it is ready. */
export interface ChildReached {
  readonly endpoint: string
  readonly serverKey: string
}
