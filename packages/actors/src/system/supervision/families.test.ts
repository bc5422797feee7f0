import { describe, expect, test } from 'vitest'
import type { ChildReceipt } from '../../model/events/system-receipt.js'
import { Families, type ChildOfActor, type Family, type ParentLife } from './families.js'

function life(id: number, parent?: number): ParentLife & ChildOfActor {
  return {
    data: { host: 0, id, name: '', url: '', definition: '' },
    instance: 0,
    parent,
    end: () => Promise.resolve(),
  }
}

/** A family that ends when the test says so, and the reasons that it was given. */
function openFamily() {
  const reasons: string[] = []
  let end: () => void = () => undefined
  const ended = new Promise<readonly ChildReceipt[]>(resolve => (end = () => resolve([])))
  const family: Family = {
    children: [],
    stop: reason => {
      reasons.push(reason)
      return ended
    },
  }
  return { family, reasons, end }
}

/** As lives do, whose instance is the last one that began. */
function begin(families: Families<Family>, parent: ParentLife): ParentLife {
  const begun = { ...parent, instance: 0 }
  begun.instance = families.begin(begun)
  return begun
}

describe('Families', () => {
  test('parent() is there for its present instance alone, from its begin to its end', () => {
    const families = new Families()
    const first = begin(families, life(16))
    expect(families.parent({ id: 16, instance: first.instance })).toBe(first)

    void families.end(16, 'it failed', Infinity)
    expect(families.parent({ id: 16, instance: first.instance })).toBeUndefined()

    const second = begin(families, life(16))
    expect(second.instance).not.toBe(first.instance)
    expect(families.parent({ id: 16, instance: first.instance })).toBeUndefined()
    expect(families.parent({ id: 16, instance: second.instance })).toBe(second)
  })

  test('endChildren() of an instance that has ended leaves the children of the next alone', async () => {
    const families = new Families()
    const first = begin(families, life(16))
    void families.end(16, 'it failed', Infinity)
    begin(families, life(16))
    const { family, reasons } = openFamily()
    families.found(16, family)

    await families.endChildren({ id: 16, instance: first.instance }, 'late', Infinity)

    expect(reasons).toEqual([])
  })

  test('is ended once, however many want it, and all wait for that', async () => {
    const families = new Families()
    const { instance } = begin(families, life(16))
    const { family, reasons, end } = openFamily()
    families.found(16, family)
    const over: string[] = []

    const ends = [
      families.endChildren({ id: 16, instance }, 'it is stopped', Infinity).then(() => over.push('host')),
      Promise.resolve(families.end(16, 'its thread has gone', 0)).then(() => over.push('halt')),
      Promise.resolve(families.end(16, 'the system stops', 0)).then(() => over.push('stop')),
    ]
    expect([over, families.of(16)]).toEqual([[], family])
    end()
    await Promise.all(ends)

    expect([over.toSorted(), reasons.length, families.of(16)]).toEqual([['halt', 'host', 'stop'], 1, undefined])
    expect(families.end(16, 'again', 0)).toBeUndefined()
  })

  test('above() is the line of an actor, as long as it is there', () => {
    const families = new Families()
    const [child, grandchild] = [life(17, 16), life(18, 17)]
    for (const each of [life(16), child, grandchild]) families.add(each)

    expect([...families.above(18)]).toEqual([17, 16])
    expect([...families.above(16)]).toEqual([])
    families.remove(grandchild)
    expect([families.child(18), [...families.above(18)]]).toEqual([undefined, []])
  })
})
