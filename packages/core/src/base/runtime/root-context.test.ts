import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, test } from 'vitest'

const request = new AsyncLocalStorage<string>()
const other = new AsyncLocalStorage<string>()

// The code that loads it first may be in a context.
const { inRootContext, stepInRootContext } = await request.run('who loads', () => import('./root-context.js'))

describe('inRootContext()', () => {
  test('runs in no context, and so does what is made there', async () => {
    const seen: unknown[] = []
    await request.run('foreign', () =>
      inRootContext(async () => {
        seen.push(request.getStore())
        await Promise.resolve()
        seen.push(request.getStore())
        await new Promise<void>(resolve => setImmediate(resolve))
        seen.push(request.getStore())
      }),
    )
    expect(seen).toEqual([undefined, undefined, undefined])
    expect(request.run('own', () => [inRootContext(() => undefined), request.getStore()])).toEqual([undefined, 'own'])
  })

  test('what is entered in it ends with it, also inside of each other and when it throws', () => {
    const seen: unknown[] = []
    const enter = (store: string): void => {
      request.enterWith(store)
      other.enterWith(store)
    }
    request.run('foreign', () => {
      inRootContext(() => {
        enter('outer')
        expect(() =>
          inRootContext(() => {
            seen.push(request.getStore(), other.getStore())
            enter('inner')
            throw new Error('expected')
          }),
        ).toThrow('expected')
        seen.push(request.getStore(), other.getStore())
        request.run('run', () => inRootContext(() => seen.push(request.getStore())))
      })
      inRootContext(() => seen.push(request.getStore(), other.getStore()))
      seen.push(request.getStore())
    })
    expect(seen).toEqual([undefined, undefined, 'outer', 'outer', undefined, undefined, undefined, 'foreign'])
  })
})

test('stepInRootContext() keeps each step from what the one before has entered', () => {
  const steps = inRootContext(() =>
    ['first', 'second'].map(name =>
      stepInRootContext(store => {
        const seen = request.getStore()
        request.enterWith(store)
        return [seen, request.getStore()]
      }, name),
    ),
  )

  expect(steps).toEqual([
    [undefined, 'first'],
    [undefined, 'second'],
  ])
})

test(
  'a storage with a default has that in the root context',
  { skip: Number(process.versions.node.split('.')[0]) < 24 },
  () => {
    const withDefault = new AsyncLocalStorage<string>(...([{ defaultValue: 'default' }] as never as []))

    expect(inRootContext(() => [withDefault.getStore(), withDefault.enterWith('entered')][0])).toBe('default')
    expect(inRootContext(() => withDefault.getStore())).toBe('default')
  },
)
