/** Why there is no project. Its text says what to do. */
export class CreateProjectError extends Error {
  override readonly name = 'CreateProjectError'

  /** @param reason Whether the caller has to name another folder, or the file system refused something. */
  constructor(
    readonly reason: 'name' | 'folder' | 'files',
    text: string,
    options?: ErrorOptions,
  ) {
    super(text, options)
  }
}
