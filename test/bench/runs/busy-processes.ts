import { spawn } from 'node:child_process'

/**
 * Starts so many processes that take all the processor time that they get, until this is disposed of or this process
 * ends.
 */
export function startBusyProcesses(count: number): Disposable {
  // They ask for their parent now and then, so that they do not outlive one that was killed.
  const program = `const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 1e7; i++);`
  const children = Array.from({ length: count }, () => spawn(process.execPath, ['-e', program], { stdio: 'ignore' }))
  return {
    [Symbol.dispose]: () => {
      for (const child of children) child.kill('SIGKILL')
    },
  }
}
