import { fstatSync, type Stats } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Net from 'node:net'
import { type Readable, finished } from 'node:stream'
import type * as Tty from 'node:tty'
import { DescriptorSourceError } from '../errors/errors.js'
import type { Pollable } from './pollable.js'

/**
 * A stream as a source of a `Poller`: ready when there is something to read, when it has ended, and when it has failed.
 * Take what is there with `read()`.
 */
export interface StreamSource extends Pollable, Disposable {
  readonly stream: Readable
  /**
   * `'open'` while more may come or unread data is there. Then `'ended'`, or `'failed'` with `error`. From then on it
   * stays ready, so remove it from the poller.
   */
  readonly state: 'open' | 'ended' | 'failed'
  readonly error: Error | undefined
  /**
   * Returns everything that is there as one chunk, or the next object of an object stream; null when there is nothing.
   * It does not throw when the stream has failed.
   */
  read(): unknown
  /** Stops watching the stream, and closes it if the source opened it. Calling it twice is harmless. */
  [Symbol.dispose](): void
}

/**
 * Turns a stream into a source: a `net.Socket`, `process.stdin`, the output of a child process, any `Readable`. The
 * stream stays yours: close it yourself.
 *
 * @example
 *   using input = streamSource(process.stdin)
 *   const poller = new Poller<Pollable>().add(socket).add(input)
 *   for await (const source of poller) {
 *     if (source === input && input.state !== 'open') break
 *     if (source === input) await socket.send(String(input.read()))
 *   }
 *
 * @throws {TypeError} When it is not a stream, or other code already reads it, by `'data'`, `pipe` or `for await`.
 */
export function streamSource(stream: Readable): StreamSource {
  if (typeof stream?.read !== 'function' || typeof stream.on !== 'function')
    throw new TypeError('Cannot wait for a stream: it is no Readable')
  if (stream.readableFlowing === true)
    throw new TypeError(
      'Cannot wait for a stream: it is read already, by data listeners or a pipe; leave it to one reader',
    )
  return new ReadableSource(stream, false)
}

/**
 * Turns a file descriptor into a source: of a pipe, a FIFO, a system socket or a terminal. The source takes over the
 * descriptor, and closes it when the source is disposed or has ended.
 *
 * @throws {DescriptorSourceError} When Node cannot wait for it: a file or a directory, which is always ready; a device;
 *   an eventfd, timerfd or epoll, for which Node has no handle; or when it is closed.
 */
export function descriptorSource(fd: number): StreamSource {
  if (!Number.isInteger(fd) || fd < 0)
    throw new TypeError(`Cannot wait for descriptor ${fd}: it must be a whole number from 0 on`)
  const stats = statsOf(fd)
  const { isatty, ReadStream } = load('node:tty') as typeof Tty
  if (isatty(fd)) return new ReadableSource(new ReadStream(fd), true)
  if (!stats.isFIFO() && !stats.isSocket()) throw new DescriptorSourceError(fd, kindOf(stats))
  const { Socket } = load('node:net') as typeof Net
  try {
    return new ReadableSource(new Socket({ fd, readable: true, writable: false }), true)
  } catch (error) {
    throw new DescriptorSourceError(fd, 'other', { cause: error })
  }
}

class ReadableSource implements StreamSource {
  readonly stream: Readable
  readonly #isOwn: boolean
  readonly #wakes = new Set<() => void>()
  readonly #forget: () => void
  #state: StreamSource['state'] = 'open'
  #error: Error | undefined

  constructor(stream: Readable, isOwn: boolean) {
    this.stream = stream
    this.#isOwn = isOwn
    const look = (): void => {
      // A stream reports its end only when a reader reaches it.
      if (stream.readableLength === 0) stream.read()
      this.#wake()
    }
    // Without a listener, its error would end the process.
    const fail = (error: Error): void => this.#end(error)
    stream.on('readable', look)
    stream.on('error', fail)
    const unfollow = finished(stream, { writable: false }, error => this.#end(error ?? undefined))
    this.#forget = () => {
      unfollow()
      stream.off('readable', look)
      stream.off('error', fail)
    }
  }

  get state(): StreamSource['state'] {
    return this.stream.readableLength > 0 && !this.stream.destroyed ? 'open' : this.#state
  }

  get error(): Error | undefined {
    return this.#error
  }

  get isReady(): boolean {
    return this.stream.readableLength > 0 || this.#state !== 'open'
  }

  read(): unknown {
    return this.stream.read() as unknown
  }

  whenReady(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => void this.#wakes.delete(wake)
  }

  [Symbol.dispose](): void {
    this.#forget()
    if (this.#isOwn) this.stream.destroy()
    if (this.#state === 'open') this.#state = 'ended'
    this.#wake()
  }

  #end(error: Error | undefined): void {
    if (this.#state !== 'open') return
    this.#state = error === undefined ? 'ended' : 'failed'
    this.#error = error
    this.#wake()
  }

  #wake(): void {
    const wakes = [...this.#wakes]
    this.#wakes.clear()
    for (const wake of wakes) wake()
  }
}

function statsOf(fd: number): Stats {
  try {
    return fstatSync(fd)
  } catch (error) {
    throw new DescriptorSourceError(fd, 'closed', { cause: error })
  }
}

function kindOf(stats: Stats): DescriptorSourceError['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  return stats.isCharacterDevice() || stats.isBlockDevice() ? 'device' : 'other'
}

/** Threads that wait for no descriptor do not load these modules. */
function load(name: string): unknown {
  return createRequire(import.meta.url)(name)
}
