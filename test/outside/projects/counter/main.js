import { startSystem } from '@zera/actors'
import Counter from './counter.js'

const system = await startSystem({ threads: 2 })
const counter = await system.spawn(Counter, { name: 'counter' })
counter.tell.add(1)
console.log(await counter.ask.add(2))
await system.stop()
