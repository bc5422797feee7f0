import { stayAlive } from '../../base/runtime/stay-alive.js'
import type { Diagnosis, Finding } from '../diagnosis.js'
import { ioAccess } from './io-access.js'

/**
 * Says why messages go missing. It checks the guide's chart of missing messages for all sockets that `openSocket` has
 * opened in any thread of this process, and for the last 256 that were closed with a finding.
 *
 * It counts what has happened in this process; it cannot know what a peer elsewhere has dropped. The findings of other
 * threads may lag by one turn of their event loop.
 *
 * @example
 *   console.log(renderDiagnosis(await doctor()))
 *
 * @throws {SocketError} In a worker that Zera did not start.
 */
export async function doctor(): Promise<Diagnosis> {
  // With no socket open, nothing else keeps the process alive until the answer is there.
  const mayEnd = stayAlive()
  try {
    const { client } = await ioAccess()
    const findings = await client.request('examine the sockets', request => ['examine', request])
    return { findings: JSON.parse(findings ?? '[]') as Finding[] }
  } finally {
    mayEnd()
  }
}
