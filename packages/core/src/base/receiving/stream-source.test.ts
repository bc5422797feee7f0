import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { openSocket } from '../../sockets/here/open-socket.js'
import { startThread } from '../../thread/starter/start-thread.js'
import { DescriptorSourceError } from '../errors/errors.js'
import { Poller } from './poller.js'
import { descriptorSource, streamSource, type StreamSource } from './stream-source.js'

expectNoLeaksAfterEach()

const folder = mkdtempSync(join(tmpdir(), 'zera-source-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Both ends of a new FIFO, which needs a writer before it can be read without an end. */
function fifo(name: string): { readonly fd: number; readonly writer: number } {
  const path = join(folder, name)
  spawnSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { fd, writer: openSync(path, constants.O_WRONLY) }
}

/** All that a source has to say. */
async function readAll(source: StreamSource): Promise<string> {
  let text = ''
  for await (const each of new Poller<StreamSource>().add(source)) {
    if (each.state !== 'open') return text
    text += String(each.read())
  }
  return text
}

describe('streamSource()', () => {
  test('is ready next to sockets, when there is something to read, and when it has ended', async () => {
    await using pull = await openSocket('PULL')
    const endpoint = await pull.bind('inproc://stream-source')
    await using push = await openSocket('PUSH')
    await push.connect(endpoint)
    const stream = new PassThrough()
    using source = streamSource(stream)
    const poller = new Poller().add(pull).add(source)

    expect(await poller.wait({ timeoutMs: 0 })).toBeUndefined()
    stream.write('one')
    expect(await poller.wait()).toBe(source)
    expect([String(source.read()), source.read(), source.isReady]).toEqual(['one', null, false])
    await push.send('two')
    expect(await poller.wait()).toBe(pull)
    await pull.receive()
    stream.end('three')
    expect([await poller.wait(), String(source.read())]).toEqual([source, 'three'])
    expect([await poller.wait(), source.state, source.error]).toEqual([source, 'ended', undefined])
  })

  test('reads a connection, a child process, and objects, and says what has failed', async () => {
    const server = createServer(socket => socket.end('from afar')).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    const child = spawn(process.execPath, ['-p', '6 * 7'])
    const failing = new Readable({ read: () => undefined })
    using broken = streamSource(failing)
    using objects = streamSource(Readable.from([1, 2]))
    using empty = streamSource(Readable.from([]))
    const error = new Error('no more')
    failing.destroy(error)

    expect(
      await Promise.all([
        readAll(streamSource(socket)),
        readAll(streamSource(child.stdout)),
        readAll(objects),
        readAll(empty),
      ]),
    ).toEqual(['from afar', '42\n', '12', ''])
    expect(await readAll(broken)).toBe('')
    expect([broken.state, broken.error]).toEqual(['failed', error])
    server.close()
    await once(server, 'close')
  })

  test('leaves the stream as it was when it is disposed, and refuses one that is read already', () => {
    const stream = new PassThrough()
    const source = streamSource(stream)
    source[Symbol.dispose]()

    expect([stream.destroyed, stream.listenerCount('readable'), stream.listenerCount('error'), source.state]).toEqual([
      false,
      0,
      0,
      'ended',
    ])
    expect(() => streamSource(new PassThrough().on('data', () => undefined))).toThrow(TypeError)
    expect(() => streamSource({} as Readable)).toThrow(TypeError)
  })
})

describe('descriptorSource()', () => {
  test('reads a pipe to its end, and closes it', async () => {
    const { fd, writer } = fifo('pipe')
    const source = descriptorSource(fd)
    const all = readAll(source)

    writeSync(writer, 'hello')
    closeSync(writer)

    expect(await all).toBe('hello')
    source[Symbol.dispose]()
    if (!source.stream.closed) await once(source.stream, 'close')
    expect(() => closeSync(fd)).toThrow('EBADF')
  })

  test('waits in a thread, whose end closes it', async () => {
    const { fd, writer } = fifo('thread')
    const thread = await startThread(
      new URL('../../fixtures/threads/waiting/waits-for-descriptor.js', import.meta.url),
      { data: fd },
    )
    writeSync(writer, 'hello')

    expect((await thread.pipe.receive())?.value).toBe('hello')
    await thread.kill()

    expect((await thread.down).reason).toBe('killed')
    expect(() => closeSync(fd)).toThrow('EBADF')
    closeSync(writer)
  })

  test('says of what Node cannot wait for, and what to do', () => {
    const file = openSync(join(folder, 'file'), 'w')
    const device = openSync('/dev/null', 'r')
    const directory = openSync(folder, 'r')
    const kindOf = (fd: number): string => {
      try {
        descriptorSource(fd)[Symbol.dispose]()
        return 'none'
      } catch (error) {
        return (error as DescriptorSourceError).kind
      }
    }

    expect([file, device, directory, 999_999].map(kindOf)).toEqual(['file', 'device', 'directory', 'closed'])
    expect(() => descriptorSource(-1)).toThrow(TypeError)
    for (const fd of [file, device, directory]) closeSync(fd)
  })
})
