import { describe, expect, test } from 'vitest'
import type { ActorDown } from '../../model/supervision/actor-down.js'
import { Watches, type Watcher } from './watches.js'

function watcherOf(target: number, watcher?: number): Watcher & { readonly told: ActorDown[] } {
  const told: ActorDown[] = []
  return { target: { host: 1, id: target }, watcher, told, tell: down => void told.push(down) }
}

function downOf(id: number): ActorDown {
  return { target: { host: 1, id }, reason: 'failed', error: new Error('no'), method: 'act' }
}

const nobodyTold = { actorDown: () => undefined }

describe('Watches', () => {
  test('tells each watcher of a target once', () => {
    const watches = new Watches(() => true, nobodyTold)
    const [a, b, other] = [watcherOf(16), watcherOf(16, 17), watcherOf(18)]
    for (const each of [a, b, other]) watches.add(each)

    const down = downOf(16)
    watches.ended(down)
    watches.ended(downOf(16))

    expect([a.told, b.told, other.told]).toEqual([[down], [down], []])
    expect(watches.size).toBe(1)
  })

  test('tells at once of a target that is gone', () => {
    const watches = new Watches(() => false, nobodyTold)
    const watcher = watcherOf(16)

    watches.add(watcher)

    expect(watcher.told).toEqual([{ target: { host: 1, id: 16 }, reason: 'gone', error: undefined, method: undefined }])
    expect(watches.size).toBe(0)
  })

  test('forgets what was removed, and what an actor watched that has ended itself', () => {
    const watches = new Watches(() => true, nobodyTold)
    const [removed, orphaned] = [watcherOf(16), watcherOf(16, 17)]
    for (const each of [removed, orphaned]) watches.add(each)

    watches.remove(removed)
    watches.ended(downOf(17))
    watches.ended(downOf(16))

    expect([removed.told, orphaned.told, watches.size]).toEqual([[], [], 0])
  })

  test('takes a watch anew while it tells of an end', () => {
    const watches = new Watches(() => true, nobodyTold)
    let ends = 0
    const watcher: Watcher = {
      target: { host: 1, id: 16 },
      watcher: undefined,
      tell: () => {
        ends += 1
        watches.add(watcher)
      },
    }
    watches.add(watcher)

    watches.ended(downOf(16))
    watches.ended(downOf(16))

    expect([ends, watches.size]).toEqual([2, 1])
  })

  test('has the guardian of a watcher tell it, until it does not want to know', () => {
    const told: unknown[][] = []
    const watches = new Watches(() => true, { actorDown: (...call) => void told.push(call) })
    watches.watch({ host: 2, watcher: 17, number: 1, target: { host: 1, id: 16 } })
    watches.watch({ host: 2, watcher: 17, number: 2, target: { host: 1, id: 16 } })

    watches.unwatch(17, 1)
    watches.ended(downOf(16))

    expect(told).toEqual([[2, 17, 2, expect.objectContaining({ reason: 'failed', target: { host: 1, id: 16 } })]])
    expect(watches.size).toBe(0)
  })
})
