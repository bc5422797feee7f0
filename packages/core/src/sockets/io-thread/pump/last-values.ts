import type { PumpRule } from '../../options/pump-options.js'

type Bounds = Extract<PumpRule, { kind: 'last-values' }>

/** The last message of each key, which is its first frame. It does no IO. */
export class LastValues {
  readonly #maxKeys: number
  readonly #whenFull: Bounds['whenFull']
  /** Keys as latin1 text, which has a character for each byte; the one that was heard of last is the last. */
  readonly #values = new Map<string, Buffer[]>()
  #notKept = 0

  constructor({ maxKeys, whenFull }: Pick<Bounds, 'maxKeys' | 'whenFull'>) {
    this.#maxKeys = maxKeys
    this.#whenFull = whenFull
  }

  /** Keys whose values it has. */
  get keys(): number {
    return this.#values.size
  }

  /** Values that it has forgotten, or refused, as there were too many keys. */
  get notKept(): number {
    return this.#notKept
  }

  /** Keeps a message, if the bounds allow it. Returns it. */
  keep(frames: Buffer[]): Buffer[] {
    const key = (frames[0] as Buffer).toString('latin1')
    if (!this.#values.delete(key) && this.#values.size >= this.#maxKeys) {
      this.#notKept += 1
      if (this.#whenFull === 'refuse-new') return frames
      const [oldest] = this.#values.keys()
      this.#values.delete(oldest as string)
    }
    this.#values.set(key, frames)
    return frames
  }

  /** The values of keys that begin with a prefix. */
  *matching(prefix: Buffer): Generator<Buffer[], void, void> {
    const begin = prefix.toString('latin1')
    for (const [key, frames] of this.#values) if (key.startsWith(begin)) yield frames
  }
}
