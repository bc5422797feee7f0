import { afterAll, beforeAll, expect, test } from 'vitest'
import Worker from '../../fixtures/actors/worker.js'
import { expectNoLeaksAfterAll } from '../../fixtures/leaks.js'
import type { Placement } from '../../model/supervision/child-spec.js'
import { startSystem } from '../../system/start-system.js'
import type { System } from '../../system/system.js'

expectNoLeaksAfterAll()

/** Within Node's pool, beyond it, and in a block of shared memory between threads. */
const BUFFERS = [Buffer.from([1, 2, 3, 4]), Buffer.alloc(64 * 1024, 5), Buffer.alloc(2 * 1024 * 1024, 6)]
const HEX = ['01020304', '05050505', '06060606']

let system: System
beforeAll(async () => {
  system = await startSystem({ threads: 1, nodes: [{ name: 'node' }], compute: { threads: 1 } })
})
afterAll(() => system.stop())

test.each<Placement>(['main', 'shared', 'own-thread', 'own-process', { node: 'node' }])(
  'a Buffer of any size is a Buffer for an actor with placement %o, and for its asker',
  async placement => {
    const worker = await system.spawn(Worker, { placement })

    const answered = await worker.ask.hex(BUFFERS)

    expect(answered.map(({ hex }) => hex)).toEqual(HEX)
    expect(answered.map(({ bytes }) => Buffer.isBuffer(bytes) && bytes.toString('hex', 0, 4))).toEqual(HEX)
    await system.stop(worker)
  },
)

test('a Buffer is one in a job and in what it returns, also when its memory is moved', async () => {
  const double = (bytes: Buffer): [string, Buffer] => [bytes.toString('hex'), Buffer.concat([bytes, bytes])]
  const moved = Buffer.from(Uint8Array.of(7, 8).buffer)

  const [hex, doubled] = await system.compute(double, [moved], { transfer: [moved.buffer], transferResult: true })

  expect([hex, doubled.toString('hex'), moved.byteLength]).toEqual(['0708', '07080708', 0])
})
