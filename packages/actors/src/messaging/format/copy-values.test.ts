import { NotCloneableError, SharedBlock } from '@zera/core'
import { describe, expect, test } from 'vitest'
import { BoundRef, type RefHost } from '../../model/refs/bound-ref.js'
import { systemNamed } from '../../model/refs/system-identity.js'
import { copiesOf, copyValues } from './copy-values.js'

const HOST = { identity: systemNamed('here') } as RefHost

describe('copiesOf()', () => {
  test('makes copies that share nothing with the values or each other', () => {
    const values = [{ map: new Map([['bytes', new Uint8Array([1, 2, 3])]]) }]

    const [one, other] = copiesOf(values, 2, HOST) as [typeof values, typeof values]
    values[0]?.map.get('bytes')?.fill(0)
    one[0]?.map.get('bytes')?.fill(9)

    expect(other).toEqual([{ map: new Map([['bytes', new Uint8Array([1, 2, 3])]]) }])
  })

  test('leaves refs as they are, which have no state', () => {
    const ref = new BoundRef(HOST, { host: 1, id: 16, name: 'a', url: '', definition: '' })

    expect(copyValues([{ ref }], HOST)).toEqual([{ ref }])
    expect((copyValues([ref], HOST) as [unknown])[0]).toBe(ref)
  })

  test('refuses what cannot be copied, and a SharedBlock', () => {
    expect(() => copyValues([() => undefined], HOST)).toThrow(NotCloneableError)
    expect(() => copyValues([SharedBlock.allocate(8)], HOST)).toThrow(TypeError)
  })

  test('refuses a ref of another system', () => {
    const elsewhere = { identity: systemNamed('here') } as RefHost
    const ref = new BoundRef(elsewhere, { host: 1, id: 16, name: 'a', url: '', definition: '' })

    expect(() => copyValues([{ refs: new Set([ref]) }], HOST)).toThrow(TypeError)
  })

  test('makes none when none are wanted', () => {
    expect(copiesOf([() => undefined], 0, HOST)).toEqual([])
  })
})
