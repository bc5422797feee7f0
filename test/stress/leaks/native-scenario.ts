// What valgrind watches: threads that stop, that are killed, and sockets on tcp, with messages that are copied and messages that are not.
import { openSocket, SharedBlock, startThread } from '@zera/core'

/** Valgrind runs one thread at a time, and each many times slower. */
const PATIENCE_MS = 120_000
const THREADS = 4
const MESSAGES = 20
/** Above the size up to which zeromq.js copies, and above that from which a binary travels in shared memory. */
const SIZES = [100, 1000, 5000]

for (let started = 0; started < THREADS; started++) {
  const thread = await startThread(new URL('../../bench/threads/pipe-echo.js', import.meta.url), {
    startMs: PATIENCE_MS,
  })
  for (let sent = 0; sent < MESSAGES; sent++) {
    const bytes = Buffer.alloc(SIZES[sent % SIZES.length] as number, 0xfe)
    thread.pipe.send({ text: 'x'.repeat(sent * 100), bytes, block: SharedBlock.from(bytes) })
    await thread.pipe.receive()
  }
  await (started % 2 === 0 ? thread.stop({ timeoutMs: PATIENCE_MS }) : thread.kill())
}

const reply = await openSocket('REP')
const request = await openSocket('REQ')
await request.connect(await reply.bind('tcp://127.0.0.1:*'))
for (let sent = 0; sent < MESSAGES; sent++) {
  await request.send(Buffer.alloc(SIZES[sent % SIZES.length] as number, 0xfe))
  await reply.receive()
  await reply.send('received')
  await request.receive()
}
await request.close()
await reply.close()
console.log('done')
