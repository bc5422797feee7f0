import { constants } from 'node:os'
import { describe, expect, test } from 'vitest'
import { ZeraError } from '../base/errors/errors.js'
import {
  AddressError,
  FAULTS,
  HostUnreachableError,
  isRetriable,
  ResourceLimitError,
  SocketStateError,
  WouldBlockError,
  ZmqError,
  zmqError,
} from './socket-errors.js'

/** The errnos that zmq.h of libzmq 4.3 defines, and those that its reference names besides. */
const OF_ZEROMQ = [
  'ENOTSUP',
  'EPROTONOSUPPORT',
  'ENOBUFS',
  'ENETDOWN',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'ECONNREFUSED',
  'EINPROGRESS',
  'ENOTSOCK',
  'EMSGSIZE',
  'EAFNOSUPPORT',
  'ENETUNREACH',
  'ECONNABORTED',
  'ECONNRESET',
  'ENOTCONN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETRESET',
  'EFSM',
  'ENOCOMPATPROTO',
  'ETERM',
  'EMTHREAD',
  'EAGAIN',
  'EINTR',
  'EINVAL',
  'EFAULT',
  'ENODEV',
  'EMFILE',
  'ENOMEM',
  'ENOENT',
  'EACCES',
]

/**
 * What socket, bind, listen, accept, connect, setsockopt, send and recv may say in POSIX and Linux, which libzmq passes
 * on.
 */
const OF_THE_SYSTEM = [
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAGAIN',
  'EALREADY',
  'EBADF',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EDESTADDRREQ',
  'EEXIST',
  'EFAULT',
  'EHOSTUNREACH',
  'EINPROGRESS',
  'EINTR',
  'EINVAL',
  'EIO',
  'EISCONN',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'EMSGSIZE',
  'ENAMETOOLONG',
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOENT',
  'ENOMEM',
  'ENOPROTOOPT',
  'ENOSPC',
  'ENOSYS',
  'ENOTCONN',
  'ENOTDIR',
  'ENOTSOCK',
  'ENXIO',
  'EOPNOTSUPP',
  'EPERM',
  'EPIPE',
  'EPROTO',
  'EPROTONOSUPPORT',
  'EPROTOTYPE',
  'EROFS',
  'ETIMEDOUT',
  'EWOULDBLOCK',
  'EHOSTDOWN',
]

describe('zmqError()', () => {
  test.each([...new Set([...OF_ZEROMQ, ...OF_THE_SYSTEM])])(
    'has a class, a code, a text and a remedy for %s',
    errno => {
      const error = zmqError(errno, 'send on a PUSH socket', '')

      expect(error).toBeInstanceOf(ZmqError)
      expect(error.constructor).not.toBe(ZmqError)
      expect(error).toMatchObject({ errno, code: `ZERA_ZMQ_${errno}`, name: error.constructor.name })
      expect(error.message).toMatch(/^Cannot send on a PUSH socket: .+; .+[^.]$/)
    },
  )

  test.each([
    ['EAGAIN', WouldBlockError, 'retriable'],
    ['EHOSTUNREACH', HostUnreachableError, 'retriable'],
    ['ENOBUFS', ResourceLimitError, 'retriable'],
    ['EADDRINUSE', AddressError, 'fatal'],
    ['EFSM', SocketStateError, 'fatal'],
    ['EMFILE', ResourceLimitError, 'fatal'],
  ] as const)('says by class and data what %s is', (errno, errorClass, retry) => {
    const error = zmqError(errno, 'do it', '')

    expect([error instanceof errorClass, error instanceof ZeraError, error.retry]).toEqual([true, true, retry])
  })

  test('passes on what it does not know with the text that came with it', () => {
    const error = zmqError('ESTRANGE', 'bind a REP socket to tcp://*:1', 'Something strange')

    expect(error).toMatchObject({ errno: 'ESTRANGE', code: 'ZERA_ZMQ_ESTRANGE', retry: 'fatal', name: 'ZmqError' })
    expect(error.message).toContain('Something strange')
  })

  test('knows only errnos that there are', () => {
    const native = ['EFSM', 'ENOCOMPATPROTO', 'ETERM', 'EMTHREAD']

    expect(
      Object.keys(FAULTS).filter(
        errno => !(errno in constants.errno) && !native.includes(errno) && errno !== 'EHOSTDOWN',
      ),
    ).toEqual([])
  })
})

describe('isRetriable()', () => {
  test.each(['EAGAIN', 'EWOULDBLOCK', 'EINTR', 'ETIMEDOUT', 'EHOSTUNREACH'])('is true for %s', errno => {
    expect(isRetriable(zmqError(errno, 'do it', ''))).toBe(true)
  })

  test('is true for an abort and for the time-out of a signal', () => {
    expect([AbortSignal.abort().reason, new DOMException('late', 'TimeoutError')].map(isRetriable)).toEqual([
      true,
      true,
    ])
  })

  test('is false for misuse, and for what is no error of a socket', () => {
    expect(
      [zmqError('EFSM', 'do it', ''), new TypeError('no'), new DOMException('no', 'DataCloneError'), undefined].map(
        isRetriable,
      ),
    ).toEqual([false, false, false, false])
  })
})
