import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { ThreadStartError } from '../../base/errors/errors.js'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { fixtureUrl, nextValue } from '../../fixtures/threads/threads.js'
import { startThread } from '../../thread/starter/start-thread.js'
import { bindable, texts } from '../fixtures/plugged.js'
import type { Part } from '../fixtures/threads/streams-numbers.js'
import { openSocket } from './open-socket.js'

expectNoLeaksAfterEach()

const url = (name: string): URL => new URL(`../fixtures/threads/${name}.js`, import.meta.url)

describe('a socket that is sent to another thread', () => {
  test('throws there when it is used, naming both threads, while threads open their own', async () => {
    await using pull = await openSocket('PULL')
    const endpoint = await pull.bind(bindable('inproc'))
    await using thread = await startThread(url('holds-socket'), { name: 'borrower' })

    thread.pipe.send({ socket: pull, endpoint })
    const { type, error } = (await nextValue(thread)) as { type: string; error: Error & { code: string } }

    expect([type, error.name, error.code]).toEqual(['PULL', 'SocketError', 'ZERA_SOCKET'])
    expect(error.message).toContain('the main thread')
    expect(error.message).toContain('thread borrower')
    expect(texts(await pull.receive())).toEqual(['from a socket of its own'])
  })

  test('cannot be among the data of a thread', async () => {
    await using socket = await openSocket('PULL')

    await expect(startThread(fixtureUrl('obey'), { data: { socket } })).rejects.toBeInstanceOf(ThreadStartError)
  })
})

test('openSocket() says so in a worker that Zera did not start', async () => {
  const module = new URL('./open-socket.js', import.meta.url)
  const code = `import('${module.href}').then(({ openSocket }) => openSocket('REQ')).catch(error => require('node:worker_threads').parentPort.postMessage(error.code))`
  const worker = new Worker(code, { eval: true })

  const said = await new Promise(resolve => worker.once('message', resolve))

  await worker.terminate()
  expect(said).toBe('ZERA_SOCKET')
})

test('threads go on exchanging messages over tcp while the main thread is busy', async () => {
  const count = 2000
  const done = new SharedArrayBuffer(4)
  const part = (role: Part['role'], endpoint: string): { data: Part } => ({ data: { role, count, endpoint, done } })
  await using receiver = await startThread(url('streams-numbers'), part('receives', 'tcp://127.0.0.1:*'))
  const endpoint = (await nextValue(receiver)) as string
  await using sender = await startThread(url('streams-numbers'), part('sends', endpoint))

  // The main thread does nothing else while it waits here.
  const outcome = Atomics.wait(new Int32Array(done), 0, 0, 20_000)

  expect([outcome === 'timed-out', Atomics.load(new Int32Array(done), 0)]).toEqual([false, (count * (count - 1)) / 2])
  expect(sender.name).toBe('streams-numbers.js')
})

test('a thread that forgets to close a socket has it in its receipt', async () => {
  const thread = await startThread(url('forgets-socket'))

  const { left } = await thread.stop()

  expect(left).toMatchObject({ sockets: 1 })
})
