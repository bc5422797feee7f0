import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { GatewayFault } from './gateway-fault.js'
import { readGatewayRequest, type GatewayRequest } from './gateway-request.js'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Bytes of the heap that are used then. */
function collectGarbage(): number {
  gc()
  return process.memoryUsage().heapUsed
}

function read(...frames: (string | Buffer)[]): ReturnType<typeof readGatewayRequest> {
  return readGatewayRequest(
    ['client', ...frames].map(frame => Buffer.from(frame)),
    1000,
  )
}

describe('readGatewayRequest()', () => {
  test('reads a whole request and a short one', () => {
    expect(read('', '{"actor":"counter","method":"add","args":[2],"id":"x","timeoutMs":50}')).toEqual({
      envelope: [Buffer.from('client')],
      id: 'x',
      actor: 'counter',
      method: 'add',
      args: [2],
      timeoutMs: 50,
      heldBytes: expect.any(Number) as number,
    })
    expect(read('hop', '', '{"actor":"counter","method":"get"}')).toMatchObject({
      envelope: [Buffer.from('client'), Buffer.from('hop')],
      id: null,
      args: [],
    })
  })

  test.each<[GatewayFault, (string | Buffer)[]]>([
    ['bad-envelope', []],
    ['bad-envelope', ['{}']],
    ['bad-envelope', ['', '{}', 'more']],
    ['bad-envelope', ['']],
    ['bad-envelope', [...Array.from({ length: 16 }, () => 'hop'), '', '{}']],
    ['bad-envelope', ['x'.repeat(256), '', '{}']],
    ['bad-envelope', Array.from({ length: 100_000 }, () => 'hop')],
    ['too-large', ['', ' '.repeat(1001)]],
    ['bad-json', ['', Buffer.from([0x22, 0xff, 0x22])]],
    ['bad-json', ['', '{"actor"']],
    ['bad-json', ['', 'undefined']],
    ['bad-json', ['', `{"actor":"a","method":"m","args":${'['.repeat(100)}${']'.repeat(100)}}`]],
    ['bad-request', ['', 'null']],
    ['bad-request', ['', '[]']],
    ['bad-request', ['', '7']],
    ['bad-request', ['', '{}']],
    ['bad-request', ['', '{"actor":"a"}']],
    ['bad-request', ['', '{"actor":["a"],"method":"m"}']],
    ['bad-request', ['', '{"actor":"a","method":"m","args":{}}']],
    ['bad-request', ['', '{"actor":"a","method":"m","more":1}']],
    ['bad-request', ['', '{"actor":"a","method":"m","id":{}}']],
    ['bad-request', ['', `{"actor":"a","method":"m","id":"${'x'.repeat(256)}"}`]],
    ['bad-request', ['', '{"actor":"a","method":"m","id":1e999}']],
    ['bad-request', ['', '{"actor":"a","method":"m","timeoutMs":0}']],
    ['forbidden-key', ['', '{"actor":"a","method":"m","__proto__":{"args":[1]}}']],
    ['forbidden-key', ['', '{"actor":"a","method":"m","args":[[{"\\u005f_proto__":1}]]}']],
    ['forbidden-key', ['', '{"actor":"a","method":"m","args":[{"constructor":{"prototype":{}}}]}']],
  ])('finds %s in %j', (fault, frames) => {
    expect(read(...frames)).toMatchObject({ envelope: [Buffer.from('client')], fault })
  })

  test('says how much memory a request may take at most, whatever its JSON is made of', () => {
    collectGarbage()
    for (const piece of [
      '[]',
      '{}',
      '[0]',
      '0',
      '1.5',
      '""',
      '"\u1234"',
      '[[[[[[[[[[]]]]]]]]]]',
      '{"a":0}',
      '{"k#":0}',
      '{"#":0}',
      '{"4294#":{}}',
      `{"k#":0,"l#":0,"m#":[]}`,
    ]) {
      const requests: GatewayRequest[] = []
      const text = (of: number): string =>
        Array.from({ length: 60_000 / piece.length }, (_, at) => piece.replaceAll('#', `${of}${at}`)).join(',')
      const frames = Array.from({ length: 10 }, (_, of) =>
        Buffer.from(`{"actor":"a","method":"m","args":[${text(of)}]}`),
      )
      const before = collectGarbage()
      for (const frame of frames)
        requests.push(readGatewayRequest([Buffer.from('client'), Buffer.alloc(0), frame], 1e6) as GatewayRequest)
      const takenBytes = (collectGarbage() - before) / frames.length

      expect({
        piece,
        takenBytes: Math.round(takenBytes),
        isWithin: takenBytes <= (requests[0] as GatewayRequest).heldBytes,
      }).toMatchObject({ isWithin: true })
    }
  })

  test('takes a constructor without a prototype for an argument like any other', () => {
    expect(read('', '{"actor":"a","method":"m","args":[{"constructor":null}, {"constructor":"Ford"}]}')).toMatchObject({
      args: [{ constructor: null }, { constructor: 'Ford' }],
    })
  })

  test('reads any keys, one request after the other', () => {
    const args = [
      { b: [1], '\\': [1] },
      { b: [1], '"': [2] },
      { b: [1], '\n': [3] },
      { '\\n': 1 },
      { '\nX': 2 },
      { a: { 'x\\': 1 } },
      { a: { 'x\t': 2 } },
    ]

    const requests = args.map(arg => read('', JSON.stringify({ actor: 'a', method: 'm', args: [arg] })))

    expect(requests).toMatchObject(args.map(arg => ({ args: [arg] })))
    expect(read('', JSON.stringify({ actor: 'a', method: 'm', args }))).toMatchObject({ args })
  })

  test('finds a field that is not known by its own name', () => {
    expect([read('', '{"\\\\":1}'), read('', '{"\\n":1}')]).toMatchObject([
      { problem: expect.stringContaining('"\\\\"') as string },
      { problem: expect.stringContaining('"\\n"') as string },
    ])
  })

  test('gives the id back when it can be known', () => {
    expect(read('', '{"id":7,"actor":1}')).toMatchObject({ id: 7, fault: 'bad-request' })
  })

  test('never throws, and finds all that was written', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.array(fc.jsonValue({ maxDepth: 5 })), (actor, method, args) => {
        const text = JSON.stringify({ actor, method, args })
        const request = readGatewayRequest([Buffer.from('client'), Buffer.alloc(0), Buffer.from(text)], 1_000_000)
        if ('fault' in request) expect(request.fault).toBe('forbidden-key')
        else expect(request).toMatchObject({ actor, method, args: JSON.parse(JSON.stringify(args)) as unknown[] })
      }),
    )
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 5 }),
        frames => void read(...frames.map(frame => Buffer.from(frame))),
      ),
    )
  })
})
