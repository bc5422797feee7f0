import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Editor, Position } from './editor.js'

interface Place {
  readonly uri: string
  readonly range: { readonly start: Position }
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** TypeScript 7 in an editor: its language server. */
export class LanguageServer implements Editor {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (answer: Message) => void>()
  readonly #open = new Set<string>()
  #asked = 0
  #received = Buffer.alloc(0)

  private constructor() {
    const tsc = new URL('../bin/tsc', import.meta.resolve('typescript'))
    this.#child = spawn(process.execPath, [fileURLToPath(tsc), '--lsp', '--stdio'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    this.#child.stdout?.on('data', (data: Buffer) => this.#receive(data))
  }

  static async start(root: URL): Promise<LanguageServer> {
    const server = new LanguageServer()
    await server.#ask('initialize', { processId: process.pid, rootUri: root.href, capabilities: {} })
    server.#tell('initialized', {})
    return server
  }

  async hover(file: URL, position: Position): Promise<string> {
    const found = await this.#askAt('textDocument/hover', file, position)
    return (found as { readonly contents: { readonly value: string } } | null)?.contents.value ?? ''
  }

  async definition(file: URL, position: Position): Promise<string[]> {
    const found = await this.#askAt('textDocument/definition', file, position)
    return [(found as Place | readonly Place[] | null) ?? []].flat().map(lineOf)
  }

  async completions(file: URL, position: Position): Promise<string[]> {
    const list = await this.#askAt('textDocument/completion', file, position)
    return ((list as { readonly items: readonly { readonly label: string }[] } | null)?.items ?? []).map(
      ({ label }) => label,
    )
  }

  async rename(file: URL, position: Position): Promise<string[]> {
    const found = await this.#askAt('textDocument/rename', file, position, { newName: 'renamed' })
    const { changes } = found as { readonly changes: Readonly<Record<string, readonly Omit<Place, 'uri'>[]>> }
    return Object.entries(changes)
      .flatMap(([uri, edits]) => edits.map(({ range }) => ({ uri, range })))
      .toSorted((one, other) => one.range.start.line - other.range.start.line)
      .map(lineOf)
  }

  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('exit', resolve))
    await this.#ask('shutdown')
    this.#tell('exit')
    await ended
  }

  #askAt(method: string, file: URL, position: Position, more: object = {}): Promise<unknown> {
    const uri = file.href
    if (!this.#open.has(uri)) {
      this.#open.add(uri)
      const text = readFileSync(file, 'utf8')
      this.#tell('textDocument/didOpen', { textDocument: { uri, languageId: 'typescript', version: 1, text } })
    }
    return this.#ask(method, { textDocument: { uri }, position, ...more })
  }

  async #ask(method: string, params?: object): Promise<unknown> {
    const id = ++this.#asked
    const answered = new Promise<Message>(resolve => this.#waiting.set(id, resolve))
    this.#send({ id, method, params })
    const { result, error } = await answered
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }

  #tell(method: string, params?: object): void {
    this.#send({ method, params })
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#child.stdin?.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }

  #receive(data: Buffer): void {
    this.#received = Buffer.concat([this.#received, data])
    for (;;) {
      const start = this.#received.indexOf('\r\n\r\n') + 4
      const length = Number(/Content-Length: (\d+)/.exec(this.#received.toString('latin1', 0, start))?.[1])
      if (start < 4 || this.#received.length < start + length) return
      const message = JSON.parse(this.#received.toString('utf8', start, start + length)) as Message
      this.#received = this.#received.subarray(start + length)
      this.#take(message)
    }
  }

  #take(message: Message): void {
    const { id, method } = message
    if (id === undefined) return
    // The server asks as well, for settings.
    if (method !== undefined) return this.#send({ id, result: null })
    this.#waiting.get(id)?.(message)
    this.#waiting.delete(id)
  }
}

function lineOf({ uri, range }: Place): string {
  return (readFileSync(new URL(uri), 'utf8').split('\n')[range.start.line] ?? '').trim()
}
