import { startSystem } from '@zera/actors'
import { postgres, sqlite } from '@zera/store'
import Ledger, { journal } from './ledger.js'

/** How many messages are under way at a time. */
const AT_A_TIME = 16

/**
 * Prints what it finds, as JSON, each time what the ledger and the journal have. Then it adds to a ledger until it is
 * killed, and prints each answer; or, to check, waits until no reminder is left, and prints what it finds then.
 */
const [place = '', mode] = process.argv.slice(2)
const store = place.startsWith('postgres:') ? postgres(place) : sqlite(place)
await using system = await startSystem({ threads: 1, store, log: false })
const ledger = await system.spawn(Ledger, { name: 'ledger' })
const notes = await system.spawn(journal, { name: 'journal' })
const ask = ledger.ask({ timeoutMs: Infinity })
const report = async (): Promise<string> => {
  const found = await ask.report()
  return `${JSON.stringify({ ...found, ...(await notes.ask({ timeoutMs: Infinity }).report()) })}\n`
}
process.stdout.write(await report())
if (mode === 'check') {
  while ((await ask.report()).pending > 0) await new Promise(resolve => void setTimeout(resolve, 5))
  process.stdout.write(await report())
} else
  for (;;) {
    const answers = Array.from({ length: AT_A_TIME }, () => ask.add(notes))
    for (const answer of answers) process.stdout.write(`${await answer}\n`)
  }
