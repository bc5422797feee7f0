import { expect, test } from 'vitest'
import { TextTail } from './text-tail.js'

test('TextTail keeps the last of a text, also where its pieces end within a letter', () => {
  const tail = new TextTail(5)
  const bytes = Buffer.from('grüße')

  for (const byte of bytes) tail.add(Buffer.from([byte]))
  tail.add(Buffer.from('!'))

  expect(tail.text).toBe('rüße!')
})
