import { PassThrough, type Readable } from 'node:stream'
import type { HostThread } from '../../platform/platform.js'

/**
 * The output of the system's threads that were started with `stdout: true` or `stderr: true`, in one stream each.
 * Threads come and go; these streams last as long as the system.
 */
export class ThreadOutput {
  readonly #stdout = new MergedStream()
  readonly #stderr = new MergedStream()

  get stdout(): Readable {
    return this.#stdout.merged
  }

  get stderr(): Readable {
    return this.#stderr.merged
  }

  /** Reads what a thread writes from now on, only as fast as these streams are read. */
  take(
    { stdout, stderr }: Pick<HostThread, 'stdout' | 'stderr'>,
    wanted: { readonly stdout?: boolean | undefined; readonly stderr?: boolean | undefined },
  ): void {
    if (wanted.stdout === true && stdout !== undefined) this.#stdout.add(stdout)
    if (wanted.stderr === true && stderr !== undefined) this.#stderr.add(stderr)
  }

  /** All threads have ended. What they have written can still be read, and then both streams end. */
  end(): void {
    this.#stdout.end()
    this.#stderr.end()
  }
}

class MergedStream {
  readonly merged = new PassThrough().setMaxListeners(0)
  #sources = 0
  #isEnding = false

  add(source: Readable): void {
    this.#sources += 1
    source.once('end', () => {
      this.#sources -= 1
      this.#endWithLast()
    })
    source.pipe(this.merged, { end: false })
  }

  end(): void {
    this.#isEnding = true
    this.#endWithLast()
  }

  #endWithLast(): void {
    if (this.#isEnding && this.#sources === 0) this.merged.end()
  }
}
