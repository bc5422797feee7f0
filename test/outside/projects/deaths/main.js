// Ends threads as its argument says, and prints what becomes of their actors.
import { startSystem } from '@zera/actors'
import Fragile from './fragile.js'

const [how] = process.argv.slice(2)
const system = await startSystem({ threads: 2, handleSignals: false })
const fragile = await system.spawn(Fragile, { placement: 'own-thread' })
const other = await system.spawn(Fragile, { placement: 'shared' })
console.log(await fragile.ask.count(), await other.ask.count())
if (how === 'a thread exits') {
  await fragile.ask.exit().catch(error => console.log(error.code))
  console.log(await fragile.ask.count(), await other.ask.count())
}
if (how === 'a thread is killed') fragile.tell.spin()
if (how === 'the process exits') {
  fragile.tell.spin()
  process.exit(3)
}
const { threads } = await system.stop({ timeoutMs: how === 'a thread is killed' ? 500 : 60_000 })
console.log(
  threads
    .map(({ outcome }) => outcome)
    .toSorted()
    .join(' '),
)
