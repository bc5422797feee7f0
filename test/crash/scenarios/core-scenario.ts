import { startThread, type Thread } from '@zera/core'
import { writeReport } from '../accounts/report.js'
import type { CoreCell } from '../rows/cell.js'
import { isPayload, type Payload } from '../rows/payload.js'
import { CORE_PAYLOAD_BYTES, CORE_PAYLOADS, type CoreThreadData } from '../threads/core-thread.js'
import { until } from '../until.js'

/** Exchanged before a thread waits for more. */
const SOME = 20
/** Under way at a time while the end comes. */
const BALLS = 16

/** Brings a plain thread of core into a state, and lets main have nothing left to do. */
export async function runCoreScenario({ state }: CoreCell): Promise<void> {
  const isThere = new SharedArrayBuffer(4)
  const held: Payload[] = []
  process.on('exit', () => {
    const corrupt = held.filter((payload, number) => !isPayload(payload, number, CORE_PAYLOAD_BYTES)).length
    writeReport({ kind: 'end', corrupt })
  })
  const thread = await startThread(new URL('../threads/core-thread.js', import.meta.url), {
    data: { state, isThere } satisfies CoreThreadData,
  })
  switch (state) {
    case 'waiting':
      for (let sent = 0; sent < SOME; sent++) thread.pipe.send(sent)
      for (let received = 0; received < SOME; received++) await thread.pipe.receive()
      break
    case 'exchanging':
      void playBall(thread)
      break
    case 'in-handler':
      thread.pipe.send('go')
      break
    case 'held':
      while (held.length < CORE_PAYLOADS) held.push((await thread.pipe.receive())?.value as Payload)
      break
    case 'idle':
    case 'in-timer':
    case 'high-water':
    case 'sub-open':
    case 'req-waiting':
    case 'router-full':
      break
  }
  if (state !== 'waiting' && state !== 'exchanging')
    await until('the thread is in its state', () => new Int32Array(isThere)[0] === 1)
  thread.unref()
}

/** Sends back what comes back, for as long as there is a peer. */
async function playBall(thread: Thread): Promise<void> {
  for (let ball = 0; ball < BALLS; ball++) thread.pipe.send(ball)
  for await (const ball of thread.pipe) thread.pipe.send(ball)
}
