import { beforeEach, describe, expect, test } from 'vitest'
import { envelopeOf, type Envelope, type Origin, type Refusal } from '../envelope.js'
import { ServiceCell } from './service-cell.js'

/** Writes down what becomes of messages. */
class RecordingOrigin implements Origin {
  readonly host = 1
  readonly lines: string[] = []
  readonly refusals: Refusal[] = []
  readonly finished: Promise<void>
  #isOver: () => void = () => undefined

  constructor() {
    this.finished = new Promise(resolve => (this.#isOver = resolve))
  }

  begin(): void {
    this.lines.push('begin')
  }

  finish(): void {
    this.lines.push('finish')
    this.#isOver()
  }

  answer(_envelope: Envelope, value: unknown): void {
    this.lines.push(`answer ${String(value)}`)
  }

  refuse(_envelope: Envelope, refusal: Refusal): void {
    this.lines.push(`refuse: ${refusal.kind}`)
    this.refusals.push(refusal)
  }

  item(): void {}
}

class Sum {
  readonly notes: number[] = []

  get secret(): () => string {
    return () => 'an accessor is no method'
  }

  add(a: number, b: number): number {
    return a + b
  }

  note(value: number): void {
    this.notes.push(value)
  }
}

let origin: RecordingOrigin
let dead: string[]
let service: Sum
beforeEach(() => {
  origin = new RecordingOrigin()
  dead = []
  service = new Sum()
})

async function deliver(kind: Envelope['kind'], method: string, args: unknown[], to: object = service): Promise<void> {
  const cell = new ServiceCell(to, envelope => void dead.push(envelope.method))
  cell.deliver(envelopeOf({ kind, to: 4, method, args, origin, correlation: 1 }))
  await origin.finished
}

describe('ServiceCell', () => {
  test('answers what a method of its service returns', async () => {
    await deliver('ask', 'add', [1, 2])

    expect(origin.lines).toEqual(['begin', 'answer 3', 'finish'])
  })

  test('answers a tell with nothing', async () => {
    await deliver('tell', 'note', [7])

    expect([service.notes, origin.lines, dead]).toEqual([[7], ['begin', 'finish'], []])
  })

  test.each(['subtract', 'constructor', 'toString', 'hasOwnProperty', '__proto__', 'notes', 'secret'])(
    'refuses an ask for what is no method of its service: %s',
    async method => {
      await deliver('ask', method, [])

      expect(origin.lines).toEqual(['refuse: unknown-method', 'finish'])
    },
  )

  test('refuses what a plain object inherits, too', async () => {
    await deliver('ask', 'valueOf', [], { add: () => 0 })

    expect(origin.lines).toEqual(['refuse: unknown-method', 'finish'])
  })

  test('makes a dead letter of a tell for what is no method of its service', async () => {
    await deliver('tell', 'subtract', [1])

    expect([dead, origin.lines]).toEqual([['subtract'], ['finish']])
  })
})
