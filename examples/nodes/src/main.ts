import { startSystem } from '@zera/actors'
import Primes from './primes.js'

// A node without an endpoint is a child process; { endpoint: 'tcp://10.0.0.5:7000', curve } would be one that zera node runs on another machine.
await using system = await startSystem({ threads: 0, nodes: [{ name: 'worker', threads: 2 }] })
const primes = await system.spawn(Primes, { placement: { node: 'worker' } })

const first = await primes.ask.process()
console.log(
  `below 10000 there are ${await primes.ask.count(10_000)} primes, counted in ${first === process.pid ? 'this' : 'another'} process`,
)

const down = system.watch(primes)
const isBack = new Promise<void>(resolve => system.events.on('actor-restarted', () => resolve()))
process.kill(first, 'SIGKILL')
console.log(`its process is killed, and the actor ${(await down).reason}`)

await isBack
const second = await primes.ask.process()
console.log(
  `below 100 there are ${await primes.ask.count(100)} primes, counted in ${second === first ? 'the same' : 'a new'} process`,
)
