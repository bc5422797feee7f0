import assert from 'node:assert/strict'
import { InterruptError, interruptSignal, openSocket } from '@zera/core'
import { endpoint, received, stageOf, type Role } from './stage.js'

/** A server that Ctrl-C ends while it waits, and that closes what it has. */
export default async function interrupt(role: Role): Promise<void> {
  const { isWhole } = stageOf(role)
  using interrupted = interruptSignal(isWhole ? { exitCode: 0 } : {})
  await using server = await openSocket('REP')
  await server.bind(endpoint(role, 5555))
  role.ready()

  // Without a keyboard, it interrupts itself when it has begun to wait.
  if (isWhole) setImmediate(() => process.kill(process.pid, 'SIGINT'))
  for await (const [request] of received(server, interrupted)) {
    console.log(`interrupt: received ${String(request)}`)
    await server.send('World')
  }

  assert.ok(interrupted.reason instanceof InterruptError)
  console.log(`interrupt: ${interrupted.reason.signal} while waiting for a request; the server closes`)
}
