import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** How a program ended. */
export interface Ended {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs as a process of its own. */
export class ChildProgram {
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess
  #stdout = ''
  #stderr = ''
  #wake: (() => void) | undefined

  constructor(command: string, args: readonly string[]) {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child = child
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text
      this.#wake?.()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text))
    this.ended = once(child, 'close').then(([exitCode, signal]) => {
      this.#wake?.()
      return {
        exitCode: exitCode as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.#stdout,
        stderr: this.#stderr,
      }
    })
  }

  /**
   * Resolves when the output matches, with the match.
   *
   * @throws {Error} When it ends before.
   */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout)
      if (match !== null) return match
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`The program never printed ${pattern}, but:\n${this.#stdout}${this.#stderr}`)
      await new Promise<void>(wake => (this.#wake = wake))
    }
  }

  /** Types a line, as a person at the keyboard does. */
  type(line: string): void {
    this.#child.stdin?.write(`${line}\n`)
  }

  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  /** Ends it for good, if it still runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}
