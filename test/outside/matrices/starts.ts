import { NODES } from '../nodes.js'
import type { Outside } from '../outside.js'
import { expectOutput } from '../run.js'
import type { Cell, Matrix } from './matrix.js'

/** The first program of a newcomer, as it stands, on each Node. */
export const starts: Matrix = {
  name: 'starts',
  title: 'First programs',
  cells: NODES.map((node): Cell => ({
    row: 'node main.js',
    column: `Node ${node}`,
    isShort: node === '24',
    run: outside => start(outside, node),
  })),
}

async function start(outside: Outside, node: string): Promise<string> {
  const project = await outside.project('counter')
  expectOutput(await project.run('node', ['main.js'], { node }), '3\n')
  return 'ok'
}
