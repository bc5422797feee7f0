import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { OneThreadHosts } from '../../fixtures/hosts/one-thread-hosts.js'
import { UnknownMethodError } from '../../model/errors.js'
import { serviceAt, type ServiceClient } from './service-client.js'

class Till {
  readonly noted: string[] = []

  total(prices: readonly number[]): number {
    return prices.reduce((sum, price) => sum + price, 0)
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  note(text: string): void {
    this.noted.push(text)
  }
}

const ID = 15

let hosts: OneThreadHosts
beforeEach(() => {
  hosts = new OneThreadHosts()
})
afterEach(() => hosts.close())

describe.each([
  ['of another host', 2],
  ['of the own host', 0],
])('serviceAt() %s', (_where, number) => {
  let service: Till
  let till: ServiceClient<Till>
  beforeEach(() => {
    service = new Till()
    const host = number === 0 ? hosts.main : hosts.add(number)
    host.addService(ID, service)
    till = serviceAt<Till>(hosts.main.messenger, { host: number, id: ID })
  })

  test('asks by type, and tells what returns nothing', async () => {
    till.tell.note('first')

    expect(await till.total([1, 2])).toBe(3)
    expect(service.noted).toEqual(['first'])
  })

  test('rejects when the service has no such method', async () => {
    const other = till as unknown as ServiceClient<{ subtotal(): number }>

    await expect(other.subtotal()).rejects.toThrow(UnknownMethodError)
  })

  test('makes a dead letter of a tell that it has no method for', async () => {
    const other = till as unknown as ServiceClient<{ forget(): void }>

    other.tell.forget()
    await till.close()

    expect(hosts.deadLetters).toMatchObject([
      { target: { host: number, id: ID }, method: 'forget', reason: 'unknown-method' },
    ])
  })
})

test('ServiceClient distinguishes asks from tells', () => {
  type Client = ServiceClient<Till>
  expectTypeOf<Client['total']>().toEqualTypeOf<(prices: readonly number[]) => Promise<number>>()
  expectTypeOf<Client['close']>().toEqualTypeOf<() => Promise<void>>()
  expectTypeOf<Client['tell']>().toEqualTypeOf<{ readonly note: (text: string) => void }>()
  expectTypeOf<keyof Client>().toEqualTypeOf<'total' | 'close' | 'tell' | 'until'>()
})
