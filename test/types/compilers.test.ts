import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compile, VERSIONS } from './project/compile.js'

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')

/** The programs of README, each in the file that its first line names. */
const PROGRAMS = Object.fromEntries(
  [...README.matchAll(/```ts\n\/\/ (\w+\.ts)\n([^]*?)```/g)].map(([, name = '', text = '']) => [name, text]),
)

/** A program of each package, and of the test kits. */
const OTHERS = `import { startThread, type ThreadOptions } from '@zera/core'
import { ManualClock } from '@zera/core/testing'
import { defineActor, type ActorDefinition, type ActorRef } from '@zera/actors'
import { simulate } from '@zera/actors/testing'
import { startBroker, type BrokerOptions } from '@zera/devices'

export class Greeter {
  greet(name: string): string {
    return 'Hello ' + name
  }
}
export const GreeterActor: ActorDefinition<Greeter> = defineActor(import.meta.url, Greeter)
export const options: ThreadOptions = { name: 'a' }
export const all: unknown[] = [startThread, ManualClock, simulate, startBroker]
export function greet(ref: ActorRef<Greeter>): Promise<string> {
  return ref.ask.greet('you')
}
export const broker = (bind: BrokerOptions['bind']): BrokerOptions => ({ bind })
`

/** Without \`import.meta\` and top-level await, which CommonJS does not have. */
const COMMONJS = `import { pathToFileURL } from 'node:url'
import { defineActor, startSystem } from '@zera/actors'

export class Counter {
  add(by: number): number {
    return by
  }
}
export const CounterActor = defineActor(pathToFileURL(__filename).href, Counter)
export async function main(): Promise<number> {
  const system = await startSystem()
  const counter = await system.spawn(CounterActor)
  return counter.ask.add(1)
}
`

/** What fails at run time, and is not to compile. The compiler says so where a line expects an error and there is none. */
const MISTAKES = `import { defineActor, startSystem, type ActorRef } from '@zera/actors'

class Clerk {
  onStart(props: { readonly url: string }): void {
    props.url
  }
  work(n: number): number {
    return n
  }
  call(callback: () => void): void {
    callback()
  }
  adder(): () => number {
    return () => 1
  }
  until(signal: AbortSignal): void {
    signal.throwIfAborted()
  }
  async *upTo(limit: number): AsyncGenerator<number, void, void> {
    yield limit
  }
  items(): AsyncIterable<number> {
    return this.upTo(1)
  }
  async get<K extends 'a' | 'b'>(key: K): Promise<K> {
    return key
  }
  async load(id: number): Promise<number>
  async load(name: string): Promise<string>
  async load(key: unknown): Promise<unknown> {
    return key
  }
  bytes(buffer: Buffer): Buffer {
    return buffer
  }
}
const ClerkActor = defineActor(import.meta.url, Clerk)
declare const clerk: ActorRef<Clerk>

export const right = async (): Promise<[number, 'a', string, Buffer]> => {
  for await (const item of clerk.stream.items()) item.toFixed()
  return [await clerk.ask.work(1), await clerk.ask.get('a'), await clerk.ask.load('x'), await clerk.ask.bytes(Buffer.of(1))]
}
export const wrong = async (): Promise<void> => {
  const system = await startSystem()
  // @ts-expect-error -- props are missing
  await system.spawn(ClerkActor)
  // @ts-expect-error -- props are missing
  await system.startPool(ClerkActor, { size: 1 })
  // @ts-expect-error -- a function
  clerk.tell.call(() => undefined)
  // @ts-expect-error -- it returns a function
  await clerk.ask.adder()
  // @ts-expect-error -- a signal
  clerk.tell.until(AbortSignal.abort())
  // @ts-expect-error -- it yields
  await clerk.ask.upTo(1)
  // @ts-expect-error -- it returns an iterable
  await clerk.ask.items()
  // @ts-expect-error -- it does not yield
  clerk.stream.work(1)
  // @ts-expect-error -- there is no such option
  await clerk.ask({ timeout: 50 }).work(1)
  // @ts-expect-error -- there is no such option
  await startSystem({ thread: 2 })
}
`

const ESM = { files: { ...PROGRAMS, 'others.ts': OTHERS }, type: 'module' }
const CJS = {
  files: { 'counter.ts': COMMONJS },
  type: 'commonjs',
  options: { verbatimModuleSyntax: false, esModuleInterop: true },
}

test('README has the programs', () => {
  expect(Object.keys(PROGRAMS)).toEqual(['counter.ts', 'main.ts'])
})

describe.each(VERSIONS)('tsc %s', version => {
  test.each([
    // What the declarations of the packages say is the same for all.
    { name: 'nodenext, and checks the packages as well', ...ESM, options: { module: 'nodenext', skipLibCheck: false } },
    { name: 'node16', ...ESM, options: { module: 'node16' } },
    { name: 'node20', ...ESM, options: { module: 'node20' } },
    { name: 'a bundler', ...ESM, options: { module: 'esnext', moduleResolution: 'bundler' } },
    { name: 'the newest lib', ...ESM, options: { module: 'nodenext', target: 'esnext', lib: ['esnext'] } },
    { name: 'decorators', ...ESM, options: { module: 'nodenext', experimentalDecorators: true } },
    {
      name: 'isolatedDeclarations',
      files: { 'others.ts': OTHERS },
      type: 'module',
      options: { module: 'nodenext', declaration: true, isolatedDeclarations: true },
    },
    { name: 'nodenext and CommonJS', ...CJS, options: { ...CJS.options, module: 'nodenext' } },
    { name: 'node20 and CommonJS', ...CJS, options: { ...CJS.options, module: 'node20' } },
  ])('compiles programs with $name', async ({ files, type, options }) => {
    expect(await compile(version, files, type, options)).toBe('')
  })

  test('refuses what cannot work, and keeps what methods are', async () => {
    expect(await compile(version, { 'mistakes.ts': MISTAKES }, 'module', { module: 'nodenext' })).toBe('')
  })

  test.each([
    {
      name: 'classic resolution, which knows no exports',
      versions: ['5.9'],
      options: { module: 'commonjs', moduleResolution: 'node10' },
      code: 'TS2307',
    },
    {
      name: 'module: node16, in which CommonJS cannot require modules',
      versions: VERSIONS,
      options: { module: 'node16' },
      code: 'TS1479',
    },
  ])('says what is wrong with CommonJS and $name', async ({ versions, options, code }) => {
    if (!versions.includes(version)) return

    expect(await compile(version, CJS.files, CJS.type, { ...CJS.options, ...options })).toContain(code)
  })
})
