import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ChildProgram } from './child-program.js'

const MAIN = fileURLToPath(import.meta.resolve('@zera/example-guide'))
const README = new URL('../../../examples/README.md', import.meta.url)

/**
 * What each program prints when it is run with those that it talks to: each pattern with the number of lines that
 * match.
 */
const WHOLE_RUNS: Readonly<Record<string, readonly (readonly [pattern: RegExp, lines: number])[]>> = {
  version: [[/^ZeroMQ 4\.3\.5$/gm, 1]],
  hwserver: [
    [/^hwserver: received Hello$/gm, 10],
    [/^hwclient: said Hello 10 times and got World 10 times$/gm, 1],
  ],
  wuserver: [[/^wuclient: 100 updates of 98101, \d+ °F in the mean$/gm, 1]],
  taskvent: [
    [/^taskvent: sent 100 tasks$/gm, 1],
    [/^tasksink: 100 of 100 tasks done in \d+ ms$/gm, 1],
    [/^taskwork: did \d+ tasks$/gm, 3],
  ],
  msreader: [[/^msreader: 100 tasks and at least 10 weather updates$/gm, 1]],
  mspoller: [[/^mspoller: 100 tasks and at least 10 weather updates$/gm, 1]],
  rrbroker: [
    [/^rrclient: 10 replies to 10 requests$/gm, 3],
    [/^rrworker: received Hello$/gm, 30],
  ],
  msgqueue: [
    [/^rrclient: 10 replies to 10 requests$/gm, 3],
    [/^rrworker: received Hello$/gm, 30],
    [/^msgqueue: 30 requests, 30 replies$/gm, 1],
  ],
  wuproxy: [[/^wuclient: 100 updates of 98101, \d+ °F in the mean$/gm, 2]],
  taskwork2: [
    [/^tasksink2: 100 of 100 tasks done in \d+ ms$/gm, 1],
    [/^taskwork2: did \d+ tasks, then received the signal to end$/gm, 3],
  ],
  interrupt: [[/^interrupt: SIGINT while waiting for a request; the server closes$/gm, 1]],
  mtserver: [
    [/^server-\d: received Hello$/gm, 40],
    [/^hwclient: said Hello 10 times and got World 10 times$/gm, 4],
    [/^mtserver: 40 requests, 3 threads$/gm, 1],
  ],
  mtrelay: [[/^mtrelay: step 3 got READY from step 2, which got it from step 1$/gm, 1]],
  syncpub: [
    [/^syncpub: 10 subscribers receive$/gm, 1],
    [/^syncsub: received 1000000 updates, lost 0$/gm, 10],
  ],
  psenvpub: [
    [/^psenvsub: \[B\] for subscribers of B$/gm, 10],
    [/^psenvsub: 10 envelopes, all of B$/gm, 1],
  ],
}

describe('npm run example', () => {
  test.each(Object.entries(WHOLE_RUNS))(
    '%s runs to its end with the programs that it talks to',
    { timeout: 240_000 },
    async (name, expected) => {
      await using run = new ChildProgram(process.execPath, [MAIN, name])

      const { exitCode, stdout, stderr } = await run.ended

      expect(stderr).toBe('')
      expect(exitCode).toBe(0)
      expect(expected.map(([pattern]) => [pattern, stdout.match(pattern)?.length])).toEqual(expected)
    },
  )

  test.each([[[]], [['--help']]])(
    'lists every program with the line that it has in the README when it is called with %j',
    async args => {
      await using run = new ChildProgram(process.execPath, [MAIN, ...args])

      const { exitCode, stdout } = await run.ended

      const lines = stdout.slice(0, stdout.indexOf('\n\n')).split('\n')
      const readme = await readFile(README, 'utf8')
      expect(exitCode).toBe(0)
      expect(lines).toHaveLength(24)
      for (const line of lines) expect(readme).toContain(`\n| ${line.slice(0, 10).trim()} | ${line.slice(11)} |`)
    },
  )

  test('refuses an unknown name and an unknown option with exit code 2', async () => {
    await using unknownName = new ChildProgram(process.execPath, [MAIN, 'rhubarb'])
    await using unknownOption = new ChildProgram(process.execPath, [MAIN, 'hwserver', '--rolls'])

    expect(await unknownName.ended).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'example: there is no program rhubarb; "npm run example" lists them\n',
    })
    expect(await unknownOption.ended).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'example: there is no option --rolls; --role is the only one\n',
    })
  })
})
