import { describeEnd, expectOutput, type Ended } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

/** What runs programs besides Node, in a project that npm has installed. */
export const runtimes: Matrix = {
  name: 'runtimes',
  title: 'Other runtimes',
  cells: [
    ...['Node 24', 'Deno 2.9'].flatMap(runtime => [
      cellOf(runtime, 'counter', ended => expectOutput(ended, '3\n')),
      cellOf(runtime, 'a thread exits', ended =>
        expectEnd(ended, 0, /^1 1\nZERA_ACTOR_DOWN\n1 2\nclean clean clean crashed\n$/),
      ),
      cellOf(runtime, 'a thread is killed', ended => expectEnd(ended, 0, /^1 1\n(\w+ )*killed\n$/)),
      cellOf(runtime, 'the process exits', ended => expectEnd(ended, 3, /^1 1\n$/)),
    ]),
    {
      row: 'Bun 1.4',
      column: 'counter',
      isShort: true,
      run: async outside => {
        const project = await outside.project('counter')
        const ended = await project.run('bun', ['main.js'])
        expectEnd(ended, 1, /^$/, /Bun [\d.]+ lacks what its addon needs of Node; run this with Node or Deno/)
        return 'exit code 1: "Cannot load zeromq: Bun lacks what its addon needs of Node; run this with Node or Deno"'
      },
    },
  ],
}

/** A program in a runtime: the counter, or one of deaths. */
function cellOf(runtime: string, column: string, expectIt: (ended: Ended) => void): Cell {
  const isDeno = runtime.startsWith('Deno')
  return {
    row: runtime,
    column,
    isShort: isDeno && column === 'counter',
    run: async outside => {
      const project = await outside.project(column === 'counter' ? 'counter' : 'deaths')
      const args = column === 'counter' ? ['main.js'] : ['main.js', column]
      expectIt(
        isDeno
          ? await project.run('deno', ['run', '-A', ...args], { env: { DENO_NO_UPDATE_CHECK: '1' } })
          : await project.run('node', args, { node: '24' }),
      )
      return 'ok'
    },
  }
}

function expectEnd(ended: Ended, expected: number, out: RegExp, errors = /^/): void {
  if (ended.code !== expected || !out.test(ended.stdout) || !errors.test(ended.stderr))
    throw new Error(`It should end with ${expected}.\n${describeEnd(ended)}`)
}
