import { describe, expect, it } from 'vitest'
import { decodeValues } from './codec.js'
import { MalformedMessageError } from './malformed-message-error.js'

const tree = (node: string, ...rest: string[]): string =>
  `{"trees":[[${node}]${rest.map(text => `,${text}`).join('')}],"binaries":["AQID",5]}`

describe('decodeValues(), for text that encodeValues() does not write', () => {
  it.each([
    'null',
    '5',
    '"text"',
    '{}',
    '{"trees":[],"binaries":[]}',
    '{"trees":[{}],"binaries":[]}',
    '{"trees":[[]]}',
    '{"trees":[[],[]],"binaries":[]}',
    tree('["$"]'),
    tree('["$","magic"]'),
    tree('["$","__proto__"]'),
    tree('["$","constructor"]'),
    tree('["$",["array"]]'),
    tree('["$","bigint","0x1"]'),
    tree('["$","bigint",1]'),
    tree('["$","bigint"]'),
    tree('["$","again",0]'),
    tree('["$","again",-1]'),
    tree('["$","again","0"]'),
    tree('["$","again",0.5]'),
    tree('["$","again"]'),
    tree('["$","later",0]'),
    tree('["$","later",1]', '[]', '[]'),
    tree('["$","later",0],["$","later",0]', '{}'),
    tree('["$","later",0]', '5'),
    tree('["$","later",0]', '["$","undefined"]'),
    tree('["$","later",0]', '["$","later",1]'),
    tree('["$","object"]'),
    tree('["$","object",{}]'),
    tree('["$","object",{},[]]'),
    tree('["$","object",[],["a",1]]'),
    tree('["$","object",null,["a",1]]'),
    tree('["$","object",{},["a"]]'),
    tree('["$","object",{},[1,2]]'),
    tree('["$","object",{},["a",1,["b"],2]]'),
    tree('["$","object",{},5]'),
    tree('["$","object",{},null]'),
    tree('["$","object",{"a":["$","again",5]},["a",1]]'),
    tree('["$","object",{},["a",["$","magic"]]]'),
    tree('["$","array",{},{},0]'),
    tree('["$","array",[],[],0]'),
    tree('["$","array",[1,2],{},1]'),
    tree('["$","array",[],{},4294967296]'),
    tree('["$","array",[],{},-1]'),
    tree('["$","array",[],{"length":-5},0]'),
    tree('["$","array",[],{},"1"]'),
    tree('["$","array",[],["length",-5],0]'),
    tree('["$","array",[],["a"],0]'),
    tree('["$","array",[],[1,2],0]'),
    tree('["$","array",[],null,0]'),
    tree('["$","date","now"]'),
    tree('["$","date",1e300]'),
    tree('["$","date"]'),
    tree('["$","regexp","(",""]'),
    tree('["$","regexp","a","zz"]'),
    tree('["$","regexp",1,2]'),
    tree('["$","boxed",null]'),
    tree('["$","boxed",{}]'),
    tree('["$","boxed",["$","undefined"]]'),
    tree('["$","boxed",["$","boxed",1]]'),
    tree('["$","map",[1]]'),
    tree('["$","map",{"length":2}]'),
    tree('["$","set",5]'),
    tree('["$","set"]'),
    tree('["$","error","Object","x",null,null,{},{}]'),
    tree('["$","error","constructor","x",null,null,{},{}]'),
    tree('["$","error","Error",5,null,null,{},{}]'),
    tree('["$","error","Error","x",5,null,{},{}]'),
    tree('["$","error","Error","x",null,{},{},{}]'),
    tree('["$","error","Error","x",null,null,[],{}]'),
    tree('["$","error","Error","x",null,null]'),
    tree('["$","error","Error","x",null,null,{},["a"]]'),
    tree('["$","error","Error","x",null,null,[null,1],{}]'),
    tree('["$","buffer",2,null]'),
    tree('["$","buffer",0,null],["$","buffer",0,null]'),
    tree('["$","buffer",1,null]'),
    tree('["$","buffer",-1,null]'),
    tree('["$","buffer","0",null]'),
    tree('["$","buffer",0,2]'),
    tree('["$","buffer",0]'),
    tree('["$","view","Uint8Array",["$","buffer",0,null],2,2]'),
    tree('["$","view","Int16Array",["$","buffer",0,null],1,1]'),
    tree('["$","view","Uint8Array",[],0,0]'),
    tree('["$","view","Object",["$","buffer",0,null],0,0]'),
    tree('["$","view","Buffer",["$","buffer",0,null],2,2]'),
    tree('["$","view","Buffer",["$","buffer",0,null],0,-1]'),
    tree('["$","view","Buffer",["$","buffer",0,null],-1,1]'),
    tree('["$","view","Buffer",["$","date",0],0,0]'),
    tree('["$","view","Uint8Array",["$","buffer",0,null],0,null]'),
    tree('["$","view","Uint8Array",["$","buffer",0,null],"0",1]'),
    tree('["$","view","Uint8Array",["$","again",0],0,1]'),
    tree('["$","extension",1]'),
    tree(`${'['.repeat(1000)}${']'.repeat(1000)}`),
    '{"trees":[[["$","buffer",0,null]]],"binaries":["*"]}',
    '{"trees":[[["$","buffer",0,null]]],"binaries":["A*ID"]}',
    '{"trees":[[["$","buffer",0,null]]],"binaries":[[1]]}',
  ])('throws a MalformedMessageError: %s', text => {
    expect(() => decodeValues(JSON.parse(text))).toThrow(MalformedMessageError)
  })

  it.each(['["$","extension",null,"{"]', '["$","extension",null,5]', '["$","extension",null,null]'])(
    'throws a MalformedMessageError for data of an extension: %s',
    mark => {
      const extension = { encode: () => undefined, decode: (data: unknown) => data }

      expect(() => decodeValues(JSON.parse(tree(mark)), extension)).toThrow(MalformedMessageError)
    },
  )

  it('changes no prototype', () => {
    const hostile = '{"__proto__":{"polluted":["$","date",0]},"constructor":{"prototype":{"polluted":["$","date",0]}}}'
    const texts = [
      tree(hostile),
      tree(`["$","array",[],${hostile},0]`),
      tree(`["$","error","Error","x",null,null,${hostile},${hostile}]`),
      tree('["$","error","Error","__proto__","x","y",{"__proto__":["$","array",[],{},0]},{"stack":1}]'),
      tree(`["$","object",${hostile},["__proto__",${hostile},"constructor",${hostile},"__proto__",1]]`),
      tree(`["$","error","Error","x",null,null,["__proto__",${hostile}],["__proto__",${hostile}]]`),
      tree(`["$","array",[],["__proto__",${hostile}],0]`),
    ]

    for (const text of texts) decodeValues(JSON.parse(text))

    expect('polluted' in {}).toBe(false)
    expect('polluted' in Object).toBe(false)
  })
})
