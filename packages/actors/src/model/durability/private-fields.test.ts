import { describe, expect, test } from 'vitest'
import { actorContext } from '../actor-context.js'
import { defineActor } from '../definition.js'

const define = (
  actorClass: new () => object,
  durable: true | { readonly transient: readonly `#${string}`[] } = true,
): unknown => defineActor(import.meta.url, actorClass, { name: `one-${++count}`, durable })
let count = 0

describe('a durable class', () => {
  test('may have no private fields, which could not be kept', () => {
    class Room {
      #lines = 0
      #other: number[] = []
      say(): number {
        return this.#other.push((this.#lines += 1))
      }
    }

    expect(() => define(Room)).toThrow('its state cannot be kept, since #lines, #other are private; take the # away')
  })

  test('may have private methods and accessors, static fields, its context, and what only looks like a field', () => {
    class Room {
      static #count = 0
      #context = actorContext()
      text = 'a; #field = 1'
      // No #field = 1 either.
      #add(): number {
        return (Room.#count += 1)
      }
      get #size(): number {
        return this.text.length
      }
      say(): unknown {
        return [this.#add() === this.#size, this.#context]
      }
    }

    expect(define(Room)).toMatchObject({ durable: { version: 1 } })
  })

  test('may have private fields that are no state', () => {
    class Room {
      #cache = new Map<string, string>()
      text = ''
      size(): number {
        return this.#cache.size
      }
    }

    expect(() => define(Room)).toThrow('#cache is private')
    expect(define(Room, { transient: ['#cache'] })).toMatchObject({ durable: { version: 1 } })
  })

  test('may have private fields if it says itself what its state is', () => {
    class Room {
      #lines = 0
      onSave(): number {
        return this.#lines
      }
      onLoad(lines: number): void {
        this.#lines = lines
      }
    }

    expect(define(Room)).toMatchObject({ durable: { version: 1 } })
  })
})
