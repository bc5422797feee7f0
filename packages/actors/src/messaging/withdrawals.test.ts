import { afterEach, beforeEach, expect, test } from 'vitest'
import { OneThreadHosts } from '../fixtures/hosts/one-thread-hosts.js'
import { defineActor } from '../model/definition.js'

const handled: string[] = []

/** Writes down what it is asked. */
class Scribe {
  write(text: string): string {
    handled.push(text)
    return text
  }

  async *letters(text: string): AsyncGenerator<string> {
    handled.push(text)
    yield* text
  }
}

const scribe = defineActor(import.meta.url, Scribe)

let hosts: OneThreadHosts
beforeEach(() => {
  handled.length = 0
  hosts = new OneThreadHosts()
})
afterEach(() => hosts.close())

/** Of the dead letters. */
const withdrawn = (): unknown[] =>
  hosts.deadLetters
    .filter(({ reason, progress }) => reason === 'withdrawn' && progress !== 'begun')
    .map(({ args }) => args[0])

/** An actor on host 1 that an actor on host 2 asks. */
async function openScribe() {
  const [one, two] = [hosts.add(1), hosts.add(2)]
  const { ref: own } = await hosts.spawn(one, scribe, 20)
  const ref = hosts.seenFrom(two, own)
  expect(await ref.ask.write('first')).toBe('first')
  return { two, ref, own }
}

test('an ask that is given up while its host is being replaced does not leave, nor does a stream; those around it do', async () => {
  const { ref } = await openScribe()
  hosts.kill(1)

  const reader = ref.stream.letters('left')
  const next = reader.next()
  const asks = ['a', 'b', 'c', 'd'].map((text, at) => ref.ask({ timeoutMs: at % 2 === 0 ? 10 : 60_000 }).write(text))
  const stop = new AbortController()
  const aborted = ref.ask({ signal: stop.signal }).write('aborted')
  hosts.clock.advance(10)
  await reader.return(undefined)
  stop.abort(new Error('enough'))
  const [settled] = await Promise.all([Promise.allSettled([asks[0], asks[2], aborted]), next])
  await hosts.spawn(hosts.add(1), scribe, 20)

  expect(await Promise.all([asks[1], asks[3]])).toEqual(['b', 'd'])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(handled).toEqual(['first', 'b', 'd'])
  expect(new Set(withdrawn())).toEqual(new Set(['a', 'aborted', 'c', 'left']))
})

test('an ask that is given up while its host keeps it for an actor that is to come is not handled, from wherever it was asked', async () => {
  const { own } = await openScribe()
  hosts.kill(1)
  const host = hosts.add(1, false)
  const [ref, here] = [hosts.seenFrom(hosts.main, own), hosts.seenFrom(host, own)]

  const reader = ref.stream.letters('left')
  const next = reader.next()
  const asks = [ref.ask({ timeoutMs: 10 }).write('there'), here.ask({ timeoutMs: 10 }).write('here')]
  const kept = ref.ask.write('kept')
  // All have arrived, before their actor is there.
  await here
    .ask({ timeoutMs: Infinity, signal: abortedSoon() })
    .write('soon')
    .catch(() => undefined)
  hosts.clock.advance(10)
  await Promise.allSettled([...asks, reader.return(undefined), next])
  await hosts.spawn(host, scribe, 20)

  expect(await kept).toBe('kept')
  expect(handled).toEqual(['first', 'kept'])
  expect(new Set(withdrawn())).toEqual(new Set(['here', 'left', 'soon', 'there']))
})

test('an ask that was given up when its host died without having begun it is a withdrawn dead letter', async () => {
  const { ref } = await openScribe()
  const asked = ref.ask({ timeoutMs: 10 }).write('late')
  hosts.clock.advance(10)
  await expect(asked).rejects.toMatchObject({ name: 'AskTimeoutError', cancellation: 'signalled' })

  hosts.kill(1)
  hosts.retire(1)
  await ref.ask.write('never').catch(() => undefined)

  expect(withdrawn()).toEqual(['late'])
  expect(handled).not.toContain('late')
})

/** A signal that aborts when everybody has had a turn. */
function abortedSoon(): AbortSignal {
  const controller = new AbortController()
  setImmediate(() => controller.abort())
  return controller.signal
}
