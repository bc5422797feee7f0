import { defineActor, startSystem } from '@zera/actors'
// Has two copies of the packages in one process: those of this repository, and what `prepareCopy` has put next to this file. Prints what becomes of them, as JSON.
import { openSocket, startThread } from '@zera/core'
import Counter from './counter.js'

interface Copy {
  readonly actors: { startSystem: typeof startSystem; defineActor: typeof defineActor }
  readonly core: { openSocket: typeof openSocket; startThread: typeof startThread }
  readonly Counter: typeof Counter
}

const SAME_NAME = Object.defineProperty((): object => ({}), 'name', { value: Counter.name })

const copy = (await import(new URL('./other/copy.js', import.meta.url).href)) as Copy
const said = async (doing: Promise<unknown>): Promise<string> =>
  doing.then(String, (error: Error) => `${error.name}: ${error.message}`)

const [own, other] = [await startSystem({ threads: 1 }), await copy.actors.startSystem({ threads: 1 })]
const refs = [
  await own.spawn(Counter),
  await other.spawn(copy.Counter),
  await own.spawn(Counter, { placement: 'own-thread' }),
  await other.spawn(copy.Counter, { placement: 'main' }),
]
const counted = await Promise.all(refs.map(ref => ref.ask.add(2)))

const [ref, foreign] = [refs[0]!, refs[1]!]
const refusedRefs = [
  await said((async () => own.stop(foreign))()),
  await said(own.killHost(foreign)),
  await said(own.watch(foreign)),
  await said(own.group('all').join(foreign)),
  await said(ref.ask.keep({ deep: [foreign] })),
  await said(foreign.ask.keep({ deep: [ref] })),
  await said(own.compute((value: object) => value, [foreign])),
]
const after = await Promise.all(refs.map(each => each.ask.add(0)))

const left = await openSocket('PAIR')
const right = await copy.core.openSocket('PAIR')
await right.connect(await left.bind('tcp://127.0.0.1:*'))
await right.send('across')
const received = String((await left.receive())[0])
await left.close()
await right.close()

const refused = [
  await said(own.spawn(copy.Counter)),
  await said(own.startPool(copy.Counter, { size: 1 })),
  await said(own.supervise([{ name: 'foreign', start: copy.Counter }])),
  await said(own.supervise([{ id: 'group', start: { children: [{ name: 'foreign', start: copy.Counter }] } }])),
  // Its module is imported on the thread, where it is made by the other copy.
  await said(own.spawn(defineActor(copy.Counter.url, SAME_NAME))),
  await said(refs[0]!.ask.openOther()),
]
const receipts = [await own.stop(), await other.stop()]
console.log(
  JSON.stringify({ counted, after, received, refused, refusedRefs, clean: receipts.map(receipt => receipt.isClean) }),
)
