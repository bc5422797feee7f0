import { parseArgs } from 'node:util'
import { judgeFlatness } from './leaks/flatness.js'
import { soak, type Footprint } from './leaks/soak.js'
import { findNativeLeaks, hasValgrind } from './leaks/valgrind.js'
import { runCommand } from './run-command.js'

const HELP = `Starts and stops a system of two threads again and again, kills a thread in every tenth cycle, has one end in the turn of its first
word to the other in another, and shows that sockets, descriptors of each kind and memory stay flat. V8's young generation is held at 2 MiB: left alone it grows for hundreds of cycles up to its
own limit, whatever the program does.

  npm run leaks -- [--cycles N] [--observer]
  npm run leaks -- --native

  --cycles N  how many cycles, a whole number from 40 on (default 1000)
  --observer  with an observer, and a page that is open
  --native    runs threads and sockets once under valgrind, which has to be installed, and shows that no memory of the native side is lost
  --help      this text`

async function lookAtNativeSide(): Promise<number> {
  if (!(await hasValgrind())) {
    console.error('leaks: --native needs valgrind; apt-get install valgrind')
    return 2
  }
  console.log('threads and sockets run under valgrind, which takes half a minute')
  const { lostBytes, lostBlocks, log } = await findNativeLeaks()
  if (lostBytes > 0) console.log(log)
  console.log(`${lostBytes} bytes in ${lostBlocks} blocks of the native side are lost`)
  return lostBytes === 0 ? 0 : 1
}

async function lookAtSoak(cycles: number, isObserved: boolean): Promise<number> {
  if (globalThis.gc === undefined) {
    console.error('leaks: memory can only be judged with node --expose-gc; use npm run leaks')
    return 2
  }
  const footprints: Footprint[] = []
  console.log('cycles  open  heap MiB  memory MiB  descriptors')
  for await (const footprint of soak(cycles, Math.floor(cycles / 20), isObserved)) {
    footprints.push(footprint)
    console.log(renderFootprint(footprint))
  }
  const faults = judgeFlatness(footprints)
  console.log(faults.length === 0 ? `flat: ${cycles} starts and stops left nothing behind` : faults.join('\n'))
  return faults.length === 0 ? 0 : 1
}

interface Options {
  readonly cycles: number
  readonly observer: boolean
  readonly native: boolean
  readonly help: boolean
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      cycles: { type: 'string', default: '1000' },
      observer: { type: 'boolean', default: false },
      native: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const cycles = Number(values.cycles)
  if (!Number.isInteger(cycles) || cycles < 40)
    throw new RangeError(`--cycles must be a whole number from 40 on, not "${values.cycles}"`)
  return { ...values, cycles }
}

function renderFootprint({ cycles, descriptors, resources, heapMb, rssMb }: Footprint): string {
  const kinds = Object.entries(descriptors).map(([kind, count]) => `${count} ${kind}`)
  return [
    String(cycles).padStart(6),
    String(resources).padStart(4),
    heapMb.toFixed(1).padStart(8),
    rssMb.toFixed(1).padStart(10),
    kinds.toSorted().join(', '),
  ].join('  ')
}

await runCommand({
  name: 'leaks',
  helpText: HELP,
  read: readOptions,
  run: ({ native, cycles, observer }) => (native ? lookAtNativeSide() : lookAtSoak(cycles, observer)),
})
