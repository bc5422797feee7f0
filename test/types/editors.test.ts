import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Editor, Position } from './editors/editor.js'
import { LanguageServer } from './editors/language-server.js'
import { LanguageService } from './editors/language-service.js'
import { createProject, type Project } from './project/project.js'

const SOURCE = `import { defineActor, type ActorRef } from '@zera/actors'

class Base {
  /** Comes from its base. */
  inherited(): void {}
}

export class Counter extends Base {
  #count = 0
  readonly field = 1

  onStart(): void {
    this.hidden()
  }

  /** Adds to the count. */
  add(by: number): number {
    return (this.#count += by)
  }

  /** Counts up. */
  async *upTo(limit: number): AsyncGenerator<number, void, void> {
    while (this.#count < limit) yield this.add(1)
  }

  private hidden(): void {}
}

export const CounterActor = defineActor(import.meta.url, Counter)

export class Named {
  name(): string {
    return 'a name'
  }
}

declare const counter: ActorRef<Counter>
declare const defined: ActorRef<typeof CounterActor>
declare const named: ActorRef<Named>

counter.tell.add(1)
await counter.ask.add(2)
await counter.ask({ timeoutMs: 1 }).add(3)
await defined.ask.add(4)
for await (const n of counter.stream.upTo(5)) n.toFixed()
for await (const n of counter.stream({ timeoutMs: 1 }).upTo(6)) n.toFixed()
await counter.ask.inherited()
await named.ask.name()
`

const TSCONFIG = {
  compilerOptions: { target: 'es2023', lib: ['esnext'], types: ['node'], module: 'nodenext', strict: true },
}

/** Uses of methods: each ends with the name. */
const CALLS = ['counter.tell.add', 'counter.ask.add', 'timeoutMs: 1 }).add', 'defined.ask.add']
const STREAMS = ['counter.stream.upTo', 'timeoutMs: 1 }).upTo']

let project: Project
beforeAll(() => {
  project = createProject({
    'use.ts': SOURCE,
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify(TSCONFIG),
  })
})
afterAll(() => project[Symbol.dispose]())

describe.each([
  {
    name: 'TypeScript 7',
    start: (): Promise<Editor> => LanguageServer.start(project.url),
    // Version 7.0 shows no docs for what comes from any mapped type.
    showsDocs: false,
  },
  {
    name: 'TypeScript 5',
    start: async (): Promise<Editor> => new LanguageService(new URL('tsconfig.json', project.url)),
    showsDocs: true,
  },
])('an editor with $name', ({ start, showsDocs }) => {
  let editor: Editor
  let file: URL
  beforeAll(async () => {
    file = new URL('use.ts', project.url)
    editor = await start()
  })
  afterAll(() => editor.stop())

  test('shows the signature of a message, and the docs of its method', async () => {
    for (const call of CALLS) expect(await editor.hover(file, nameIn(call))).toMatch(/add.*\(by: number\)/)
    expect(await editor.hover(file, nameIn('counter.ask.add'))).toContain('Promise<number>')
    if (!showsDocs) return
    for (const call of CALLS) expect(await editor.hover(file, nameIn(call))).toContain('Adds to the count.')
    for (const stream of STREAMS) expect(await editor.hover(file, nameIn(stream))).toContain('Counts up.')
    expect(await editor.hover(file, nameIn('ask.inherited'))).toContain('Comes from its base.')
  })

  test('leads from a message to its method', async () => {
    for (const call of CALLS) expect(await editor.definition(file, nameIn(call))).toEqual(['add(by: number): number {'])
    for (const stream of STREAMS)
      expect(await editor.definition(file, nameIn(stream))).toEqual([expect.stringContaining('async *upTo')])
    expect(await editor.definition(file, nameIn('ask.inherited'))).toEqual(['inherited(): void {}'])
  })

  test('renames a method and the messages for it, from either side', async () => {
    const changed = [
      'add(by: number): number {',
      'while (this.#count < limit) yield this.add(1)',
      'counter.tell.add(1)',
      'await counter.ask.add(2)',
      'await counter.ask({ timeoutMs: 1 }).add(3)',
      'await defined.ask.add(4)',
    ]

    expect(await editor.rename(file, nameIn('\n  add'))).toEqual(changed)
    expect(await editor.rename(file, nameIn('counter.ask.add'))).toEqual(changed)
  })

  test('lists messages and nothing else', async () => {
    for (const call of CALLS)
      expect((await editor.completions(file, nameIn(call))).toSorted()).toEqual(['add', 'inherited'])
    for (const stream of STREAMS) expect(await editor.completions(file, nameIn(stream))).toEqual(['upTo'])
    expect(await editor.completions(file, nameIn('named.ask.name'))).toContain('name')
  })
})

/** Where the name at the end of a piece of the source begins. */
function nameIn(piece: string): Position {
  const name = /\w+$/.exec(piece)?.[0] ?? ''
  const at = SOURCE.indexOf(piece) + piece.length - name.length
  const before = SOURCE.slice(0, at).split('\n')
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 }
}
