import { ZeraError } from '../base/errors/errors.js'

/** Whether the same call can succeed later without a change in the program. */
export type Retry = 'retriable' | 'fatal'

/** An error that ZeroMQ reports. There is one class for each thing that a caller can do about it. */
export class ZmqError extends ZeraError {
  override readonly name: string = 'ZmqError'
  /** ZeroMQ's name for it, such as `'EAGAIN'`. */
  readonly errno: string
  /** Whether the same call may succeed later. */
  readonly retry: Retry

  constructor(errno: string, action: string, fault: Fault) {
    super(`ZERA_ZMQ_${errno}`, `Cannot ${action}: ${fault.text}; ${fault.remedy}`)
    this.errno = errno
    this.retry = fault.retry
  }
}

/** Nothing could be done at once, or within the socket's time-out: a queue is full, or nothing has arrived. Retriable. */
export class WouldBlockError extends ZmqError {
  override readonly name = 'WouldBlockError'
}

/**
 * The address cannot be used: it is taken, does not belong to this machine, or has a form that the transport does not
 * know.
 */
export class AddressError extends ZmqError {
  override readonly name = 'AddressError'
}

/** The peer that a message is for is not there. Retriable: it may come back. */
export class HostUnreachableError extends ZmqError {
  override readonly name = 'HostUnreachableError'
}

/** The socket's state does not allow the call, such as two sends in a row on a REQ. */
export class SocketStateError extends ZmqError {
  override readonly name = 'SocketStateError'
}

/** The process, the machine or the context has run out of what the call needs. */
export class ResourceLimitError extends ZmqError {
  override readonly name = 'ResourceLimitError'
}

type ErrorClass = new (errno: string, action: string, fault: Fault) => ZmqError

interface Fault {
  readonly errorClass: ErrorClass
  readonly retry: Retry
  readonly text: string
  readonly remedy: string
}

/** Texts for errnos that ask the same of a caller. */
function faults(
  errorClass: ErrorClass,
  retry: Retry,
  text: string,
  remedy: string,
  ...errnos: readonly string[]
): Readonly<Record<string, Fault>> {
  return Object.fromEntries(errnos.map(errno => [errno, { errorClass, retry, text, remedy }]))
}

/** Every errno of libzmq 4.3: what it means for a socket, and what to do. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...faults(
    WouldBlockError,
    'retriable',
    'it would have to wait longer than the time-out of the socket',
    'try again later, or set a longer time-out',
    'EAGAIN',
    'EWOULDBLOCK',
    'EINTR',
    'EINPROGRESS',
  ),

  ...faults(
    SocketStateError,
    'fatal',
    'the socket is not in a state for it',
    'REQ sends, then receives; REP receives, then sends',
    'EFSM',
  ),
  ...faults(
    SocketStateError,
    'fatal',
    'the same operation is under way on this socket',
    'await the previous one',
    'EBUSY',
    'EALREADY',
  ),
  ...faults(
    SocketStateError,
    'fatal',
    'the socket is closed',
    'open a new one',
    'ENOTSOCK',
    'EBADF',
    'EFAULT',
    'ECANCELED',
  ),
  ...faults(
    SocketStateError,
    'fatal',
    'the context of ZeroMQ has ended',
    'the process is ending; stop using sockets',
    'ETERM',
  ),
  ...faults(
    SocketStateError,
    'fatal',
    'the message is too large, or has parts that its type forbids',
    'send less, or raise maxMessageSize',
    'EMSGSIZE',
  ),
  ...faults(
    SocketStateError,
    'fatal',
    'this type of socket, or the operating system, does not support it',
    'use a type that does, or do without it here',
    'ENOTSUP',
    'EOPNOTSUPP',
    'ENOPROTOOPT',
    'ENOSYS',
    'EISCONN',
    'EPROTO',
  ),

  ...faults(
    AddressError,
    'fatal',
    'the address is in use',
    'choose another one, or close the socket that uses it',
    'EADDRINUSE',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the address is not one of this machine',
    'bind to an address or interface of this machine, or to *',
    'EADDRNOTAVAIL',
    'ENODEV',
    'ENXIO',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the address or an option is malformed',
    'write tcp://host:port, ipc://path or inproc://name, and options as documented',
    'EINVAL',
    'EDESTADDRREQ',
  ),
  ...faults(
    AddressError,
    'fatal',
    'there is no such endpoint on this socket, or no such directory for an ipc path',
    'name one that it was bound or connected to, or make the directory',
    'ENOENT',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the transport is not supported, or does not go with this type of socket',
    'use tcp, ipc or inproc',
    'EPROTONOSUPPORT',
    'ENOCOMPATPROTO',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the family of the address is not supported',
    'set ipv6, or use an IPv4 address',
    'EAFNOSUPPORT',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the operating system does not allow the address',
    'take a port from 1024 on, or a path that you may write',
    'EACCES',
    'EPERM',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the path of the ipc endpoint is too long',
    'take a shorter one; the limit is 107 bytes on Linux, 103 elsewhere',
    'ENAMETOOLONG',
  ),
  ...faults(
    AddressError,
    'fatal',
    'the path of the ipc endpoint cannot have a socket',
    'take another path, in a directory that you may write',
    'EEXIST',
    'EISDIR',
    'ENOTDIR',
    'ELOOP',
    'EROFS',
    'EXDEV',
    'EPROTOTYPE',
  ),

  ...faults(
    HostUnreachableError,
    'retriable',
    'no peer of that identity is connected',
    'wait until it is, or drop the message',
    'EHOSTUNREACH',
  ),
  ...faults(
    HostUnreachableError,
    'retriable',
    'the peer cannot be reached, or has closed the connection',
    'ZeroMQ connects again by itself; see that the peer runs',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'ENETRESET',
    'ENOTCONN',
    'ETIMEDOUT',
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
  ),

  ...faults(
    ResourceLimitError,
    'fatal',
    'the process or the machine has reached its limit of sockets or descriptors',
    'close some, or raise maxSockets and ulimit -n',
    'EMFILE',
    'ENFILE',
  ),
  ...faults(
    ResourceLimitError,
    'fatal',
    'no memory is left',
    'send less at a time, or lower the high-water marks',
    'ENOMEM',
  ),
  ...faults(ResourceLimitError, 'retriable', 'the operating system has no buffers', 'try again later', 'ENOBUFS'),
  ...faults(
    ResourceLimitError,
    'fatal',
    'ZeroMQ has no thread for network traffic, or none of those that affinity names',
    'set ioThreads to 1 or more, or correct affinity',
    'EMTHREAD',
  ),
  ...faults(
    ResourceLimitError,
    'fatal',
    'the operating system could not read or write',
    'make room on the device, and look at the log of the system',
    'EIO',
    'ENOSPC',
  ),
}

/**
 * Whether the call that threw this may succeed later without a change in the program: it would have blocked, timed out
 * or was aborted, or a peer is away.
 */
export function isRetriable(error: unknown): boolean {
  if (error instanceof ZmqError) return error.retry === 'retriable'
  // AbortSignals throw these by themselves.
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

/** Makes the error for an errno. An errno that is not in the table keeps the text that came with it. */
export function zmqError(errno: string, action: string, text: string): ZmqError {
  const known: Fault = FAULTS[errno] ?? {
    errorClass: ZmqError,
    retry: 'fatal',
    text,
    remedy: 'see the zmq reference for this errno',
  }
  return new known.errorClass(errno, action, known)
}
