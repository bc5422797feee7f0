import { startSystem } from '@zera/actors'
import Counter from './counter.js'
import sum from './sum.js'

const system = await startSystem({ threads: 1 })
const counter = await system.spawn(Counter, { name: 'counter' })
console.log(await counter.ask.add(1))
const alone = await system.spawn(Counter, { placement: 'own-process' })
console.log(await alone.ask.add(2))
console.log(await system.compute(sum, [1, 2]))
await system.stop()
