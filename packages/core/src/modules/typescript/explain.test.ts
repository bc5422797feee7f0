import { expect, test } from 'vitest'
import { TypeScriptError } from '../../base/errors/errors.js'
import { explain } from './explain.js'

const url = 'file:///app/x.ts'

test.each(['ERR_UNKNOWN_FILE_EXTENSION', 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX', 'ERR_INVALID_TYPESCRIPT_SYNTAX'])(
  'explain() makes of %s an error that has the address and the cause',
  code => {
    const thrown = Object.assign(new Error('said'), { code })

    const error = explain(thrown, url)

    expect(error).toBeInstanceOf(TypeScriptError)
    expect(error).toMatchObject({ code: 'ZERA_TYPESCRIPT', url, cause: thrown })
    expect((error as Error).message).toContain('https://github.com/zera-js/zera/')
  },
)

test.each([new Error('said'), Object.assign(new Error('said'), { code: 'ERR_MODULE_NOT_FOUND' }), 'text', undefined])(
  'explain() leaves %s as it is',
  thrown => {
    expect(explain(thrown, url)).toBe(thrown)
  },
)
