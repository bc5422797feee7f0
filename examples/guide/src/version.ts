import assert from 'node:assert/strict'
import { version } from 'zeromq'
import type { Role } from './stage.js'

/** Says which ZeroMQ is at work. */
export default async function printVersion(role: Role): Promise<void> {
  role.ready()
  assert.match(version, /^4\.\d+\.\d+$/)
  console.log(`ZeroMQ ${version}`)
}
