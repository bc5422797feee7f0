import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectNoLeaks } from '@zera/core'
import { play } from './play.js'
import { listPrograms, patternOf, type Pattern } from './programs.js'

const [program, ...flags] = process.argv.slice(2)
const pattern = program === undefined ? undefined : patternOf(program)
const unknownFlag = flags.find(flag => flag !== '--role')

if (program === undefined || program === '--help') {
  console.log(listPrograms())
  console.log('\nnpm run example NAME             runs it to its end, with the programs that it talks to')
  console.log('npm run example NAME -- --role   runs it alone, at the ports of the guide, until Ctrl-C')
} else if (pattern === undefined) {
  refuse(`there is no program ${program}; "npm run example" lists them`)
} else if (unknownFlag !== undefined) {
  refuse(`there is no option ${unknownFlag}; --role is the only one`)
} else if (flags.length > 0) {
  await playAlone(pattern, program)
} else {
  await playWhole(pattern)
}

function refuse(why: string): void {
  console.error(`example: ${why}`)
  process.exitCode = 2
}

async function playAlone({ parts }: Pattern, name: string): Promise<void> {
  const part = parts.find(each => each.program === name)
  if (part === undefined) throw new Error(`The pattern of ${name} has no part for it`)
  console.log(`${name}: alone at the ports of the guide, on 127.0.0.1; Ctrl-C ends it`)
  await play(
    [{ program: name, runsInMain: part.runsInMain === true, hearsInterrupts: part.hearsInterrupts === true }],
    { base: 'tcp://127.0.0.1:', isWhole: false },
  )
}

/** Runs all parts in a directory of their own, so that neither other runs nor other programs are in the way. */
async function playWhole({ parts, workers }: Pattern): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'zera-'))
  const meeting = workers === undefined ? {} : { workers, barrier: new SharedArrayBuffer(8) }
  try {
    await play(parts, { base: `ipc://${directory}/`, isWhole: true, ...meeting })
  } finally {
    await rm(directory, { recursive: true })
  }
  expectNoLeaks()
}
