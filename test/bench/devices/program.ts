import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A program of this folder, as a process of its own. */
export interface Program extends AsyncDisposable {
  /** What it says next. */
  says<T>(): Promise<T>
  tell(number: number): void
}

/** Starts one. */
export function startProgram(name: 'native-proxy' | 'zera-device' | 'peer', ...args: readonly string[]): Program {
  const child = fork(fileURLToPath(new URL(`./${name}.js`, import.meta.url)), args)
  const ended = once(child, 'exit')
  return {
    says: async <T>() => ((await once(child, 'message')) as [T])[0],
    tell: number => void child.send(number),
    [Symbol.asyncDispose]: async () => {
      // The native proxy is in a native call for all its life, where only the system can end it.
      child.kill('SIGKILL')
      await ended
    },
  }
}
