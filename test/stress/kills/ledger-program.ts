import { startSystem } from '@zera/actors'
import { postgres, sqlite } from '@zera/store'
import Ledger from './ledger.js'

/** How many messages are under way at a time. */
const AT_A_TIME = 16

/**
 * Prints what it finds, as JSON. Then it adds to a ledger until it is killed, and prints each answer; or, to check,
 * waits until no reminder is left, and prints what it finds then.
 */
const [place = '', mode] = process.argv.slice(2)
const store = place.startsWith('postgres:') ? postgres(place) : sqlite(place)
await using system = await startSystem({ threads: 1, store, log: false })
const ledger = await system.spawn(Ledger, { name: 'ledger' })
const ask = ledger.ask({ timeoutMs: Infinity })
process.stdout.write(`${JSON.stringify(await ask.report())}\n`)
if (mode === 'check') {
  while ((await ask.report()).pending > 0) await new Promise(resolve => void setTimeout(resolve, 5))
  process.stdout.write(`${JSON.stringify(await ask.report())}\n`)
} else
  for (;;) {
    const answers = Array.from({ length: AT_A_TIME }, () => ask.add())
    for (const answer of answers) process.stdout.write(`${await answer}\n`)
  }
