/** How an actor is called: by its name, or by what it is. */
export function titleOf({
  name,
  definition,
  id,
}: {
  readonly name: string
  readonly definition: string
  readonly id: number
}): string {
  return name === '' ? `${definition} #${id}` : name
}
