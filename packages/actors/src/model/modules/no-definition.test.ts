import { expect, test } from 'vitest'
import Counter from '../../fixtures/actors/counter.js'
import * as counterModule from '../../fixtures/actors/counter.js'
import * as otherModule from '../../fixtures/eventually.js'
import { isDefinition } from '../definition.js'
import { BoundRef, type RefHost } from '../refs/bound-ref.js'
import { noDefinition } from './no-definition.js'

class Till {
  pay(): void {}
}

const ref = new BoundRef({} as RefHost, { host: 1, id: 16, name: 'till', url: '', definition: 'Till' })

test.each([
  [Till, 'the class Till', 'defineActor(import.meta.url, Till)'],
  [
    class {
      pay(): void {}
    },
    'the class and',
    'defineActor(import.meta.url, it)',
  ],
  [startTill, 'the function startTill', 'defineActor(import.meta.url, startTill)'],
  [undefined, 'undefined', 'exports it'],
  [null, 'null', 'what defineActor returned'],
  [counterModule, 'a module', 'its export default'],
  [otherModule, 'a module', 'it exports none'],
  [{ Counter }, 'a module', 'its export Counter'],
  [new URL('file:///app/till.js'), 'the URL file:///app/till.js', 'import the definition'],
  ['./till.js', 'the text "./till.js"', 'import the definition'],
  [import('../../fixtures/actors/counter.js'), 'a promise', 'await it'],
  [ref, 'ActorRef(Till#16@1 "till")', 'it runs already'],
  [7, '7', 'what defineActor returned'],
  [{ ...Counter }, "name: 'Counter'", 'what defineActor returned'],
  [new Proxy({}, {}), 'a Proxy', 'what defineActor returned'],
] as [unknown, string, string][])(
  'noDefinition() says what was passed, and what to pass: no. %#',
  (value, what, remedy) => {
    const text = noDefinition(value, isDefinition)

    expect(text).toMatch(/^it is .* and no definition; /s)
    expect(text).toContain(what)
    expect(text).toContain(remedy)
  },
)

test('noDefinition() takes a proxy that throws when it is looked at', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()

  expect(noDefinition(proxy, isDefinition)).toContain('it is a Proxy and no definition')
})

function startTill(): Till {
  return new Till()
}
