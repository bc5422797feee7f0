import { parseJson } from '../../base/values/parse-json.js'
import { resizableCopy, VIEW_TYPES, viewOf } from '../binary.js'
import { defineHidden, errorOf, isErrorType } from '../error-shape.js'
import { demand, MalformedMessageError } from '../malformed-message-error.js'
import { BOXED, BUFFER, DATE, ERROR, EXTENSION, HAS_MESSAGE, HAS_STACK, REGEXP, VIEW } from '../parts.js'
import { defineShown, isLength } from './objects.js'

/** The message from which an exotic value is read. */
export interface Reading {
  nextCode(): number
  nextNumber(): number
  nextText(): string
  /** Copies the next binary; undefined when there is none. */
  nextBinary(): ArrayBuffer | undefined
  /** Reads a value that is inside. */
  value(): unknown
  /** Reads pairs, in the order in which they were written. */
  eachPair(take: (key: string, value: unknown) => void): void
  /** Turns what the extension of the sender returned into a value again. */
  decode(data: unknown): unknown
  /** Numbers an object, as the writer did. */
  meet(object: unknown): void
  /** Numbers an object that is not there before what is inside it. */
  reserve(): number
  finish(ordinal: number, object: object): void
}

const MAX_TIME_MS = 8.64e15

/** Reads an object that is neither plain nor a collection. */
export function readExotic(code: number, message: Reading): unknown {
  if (code === VIEW) return readView(message)
  const object = openExotic(code, message)
  message.meet(object)
  if (code === ERROR) fillError(object as Error, message)
  return object
}

/** Makes an error, without its data. */
export function openError(message: Reading): Error {
  const has = message.nextCode()
  const [type, name] = [message.nextText(), message.nextText()]
  demand(isErrorType(type), 'an error has no type')
  const text = (has & HAS_MESSAGE) === 0 ? undefined : message.nextText()
  const stack = (has & HAS_STACK) === 0 ? undefined : message.nextText()
  return errorOf({ type, name, message: text, stack })
}

/** Reads the data of an error that was made before. */
export function fillError(error: Error, message: Reading): void {
  message.eachPair((key, value) => defineHidden(error, key, value))
  message.eachPair((key, value) => defineShown(error, key, value))
}

function openExotic(code: number, message: Reading): unknown {
  switch (code) {
    case DATE:
      return dateOf(message.nextNumber())
    case REGEXP:
      return regExpOf(message.nextText(), message.nextText())
    case BOXED:
      return boxed(message.value())
    case ERROR:
      return openError(message)
    case BUFFER:
      return bufferOf(message.nextBinary(), message.nextNumber())
    case EXTENSION:
      return message.decode(parsed(message.nextText()))
    default:
      throw new MalformedMessageError('it has a code of an unknown kind')
  }
}

function dateOf(time: unknown): Date {
  demand(typeof time === 'number' && !(Math.abs(time) > MAX_TIME_MS), 'a date has no time')
  return new Date(time)
}

function regExpOf(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags)
  } catch (cause) {
    throw new MalformedMessageError('a regular expression cannot be compiled', { cause })
  }
}

function boxed(value: unknown): object {
  demand(['string', 'number', 'boolean', 'bigint'].includes(typeof value), 'a boxed primitive is not one')
  return Object(value) as object
}

function bufferOf(buffer: ArrayBuffer | undefined, growthLimit: unknown): ArrayBuffer {
  demand(buffer !== undefined, 'a binary is missing')
  if (growthLimit === -1) return buffer
  demand(isLength(growthLimit) && growthLimit >= buffer.byteLength, 'a buffer has no limit')
  try {
    return resizableCopy(buffer, growthLimit)
  } catch (cause) {
    throw new MalformedMessageError('a buffer has a limit that cannot be kept', { cause })
  }
}

function readView(message: Reading): ArrayBufferView {
  const ordinal = message.reserve()
  const type = VIEW_TYPES[message.nextCode()]
  const buffer = message.value()
  const [byteOffset, length] = [message.nextNumber(), message.nextNumber()]
  demand(buffer instanceof ArrayBuffer && type !== undefined, 'a view has no buffer')
  demand(Number.isInteger(byteOffset) && Number.isInteger(length), 'a view has no place in its buffer')
  try {
    const view = viewOf(type, buffer, byteOffset, length)
    message.finish(ordinal, view)
    return view
  } catch (cause) {
    throw new MalformedMessageError('a view does not fit its buffer', { cause })
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new MalformedMessageError('data of an extension is no JSON', { cause })
  }
}
