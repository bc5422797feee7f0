import { describe, expect, test } from 'vitest'
import { runProgram } from '../fixtures/run-program.js'

async function linesOf(mode: string): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await runProgram('programs/logs/main-logs', [mode])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
}

describe('the lines of a thread', () => {
  test('are all there, whole and in order, when it is killed right after', async () => {
    const lines = await linesOf('killed')

    expect(lines.slice(0, -1).map(({ line }) => line)).toEqual(Array.from({ length: 2000 }, (_, line) => line))
    expect(lines[0]).toMatchObject({ level: 30, actor: 'Talker#16@2 "talker"', host: 2, msg: 'talk' })
    expect(lines.at(-1)).toMatchObject({ level: 40, host: 0, msg: 'done' })
  })

  test('are all there when it leaves the process, or its heap is full', async () => {
    expect(await linesOf('exit')).toMatchObject([
      { msg: 'exit', err: { type: 'RangeError', message: 'enough' } },
      { msg: 'done' },
    ])
    expect(await linesOf('hoard')).toMatchObject([{ msg: 'hoard' }, { msg: 'done' }])
  })

  test('go to the sink that the system is given', async () => {
    const { stdout } = await runProgram('programs/logs/main-logs', ['sink'])

    expect(stdout).toBe(
      'error exit of Talker#16@2 "talker" on 2\nerror its thread went down: it called process.exit(3) of nobody on 2\ndebug not shown by default of nobody on 0\nwarn done of nobody on 0\n',
    )
  })
})
