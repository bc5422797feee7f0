import { expect, test } from 'vitest'
import { defineActor } from '../model/definition.js'
import type { ActorRef } from '../model/refs/ref.js'
import { simulate } from './simulation/simulate.js'

let heard: string[]

class Listener {
  hear(word: string): void {
    heard.push(word)
  }
}
const Listeners = defineActor(import.meta.url, Listener)

class Speaker {
  #listeners: ActorRef<Listener>[] = []

  onStart(listeners: ActorRef<Listener>[]): void {
    this.#listeners = listeners
  }

  onStop(): void {
    for (const [index, listener] of this.#listeners.entries()) listener.tell.hear(`farewell ${index}`)
  }
}
const Speakers = defineActor(import.meta.url, Speaker)

test('what an actor says in onStop arrives, also where its thread has never sent anything', async () => {
  await simulate({ seeds: 200, threads: 2 }, async simulation => {
    const { system } = simulation
    heard = []
    let lost = 0
    system.events.on('messages-lost', ({ messages }) => void (lost += messages))
    const listeners = await Promise.all([1, 2].map(() => system.spawn(Listeners)))
    const speaker = await system.spawn(Speakers, { placement: 'own-thread', props: listeners })

    await system.stop(speaker)
    await simulation.pass(500)

    expect([heard.toSorted(), lost, system.deadLetters.statistics.received]).toEqual([
      ['farewell 0', 'farewell 1'],
      0,
      0,
    ])
  })
})

test('what an actor says in onStop to one whose thread is down arrives when that is back, or is accounted for', async () => {
  await simulate({ seeds: 300, threads: 2 }, async simulation => {
    const { system, random } = simulation
    heard = []
    let lost = 0
    system.events.on('messages-lost', ({ messages }) => void (lost += messages))
    const listeners = await Promise.all([1, 2].map(() => system.spawn(Listeners, { maxRestarts: Infinity })))
    const speaker = await system.spawn(Speakers, { placement: 'own-thread', props: listeners })

    const { host } = listeners[0]!.address
    await simulation.pass(random.next() * 20)
    simulation.crash(host)
    await simulation.pass(random.next() * 10)
    await system.stop(speaker)
    await simulation.pass(1000)

    const letters = [...system.deadLetters].filter(({ method }) => method === 'hear').length
    expect(heard.length + letters + lost).toBeGreaterThanOrEqual(2)
  })
})
