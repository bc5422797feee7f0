import { startSystem } from '@zera/actors'
import Counter from './counter.js'

await using system = await startSystem({ threads: 2 })
const counter = await system.spawn(Counter, { name: 'counter' })

counter.tell.add(1) // fire and forget, in order
console.log(await counter.ask.add(2)) // 3, fully typed
console.log(await counter.ask({ timeoutMs: 500 }).add(1)) // 4
for await (const n of counter.stream.upTo(10)) console.log(n) // 5 to 10, at the reader's pace
