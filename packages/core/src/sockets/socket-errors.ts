import { ZeraError } from '../base/errors/errors.js'

/** Whether the same call can succeed later without a change in the program. */
export type Retry = 'retriable' | 'fatal'

/** What ZeroMQ says went wrong: a class for each thing that a caller can do about it. */
export class ZmqError extends ZeraError {
  override readonly name: string = 'ZmqError'
  /** ZeroMQ's own word for it, such as `'EAGAIN'`. */
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

/** The address cannot be used: taken, not of this machine, or of a form that the transport does not know. */
export class AddressError extends ZmqError {
  override readonly name = 'AddressError'
}

/** The peer that a message is for is not there. Retriable: it may come back. */
export class HostUnreachableError extends ZmqError {
  override readonly name = 'HostUnreachableError'
}

/** The call is not one for the state that the socket is in, such as two sends in a row on a REQ. */
export class SocketStateError extends ZmqError {
  override readonly name = 'SocketStateError'
}

/** The process, the machine or the context has no more of what the call needs. */
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

function cause(errorClass: ErrorClass, retry: Retry, text: string, remedy: string): Fault {
  return { errorClass, retry, text, remedy }
}

/** Everything that libzmq 4.3 gives as an errno, with what it means for a socket and what to do. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  EAGAIN: cause(
    WouldBlockError,
    'retriable',
    'it would have to wait longer than the socket may',
    'try again later, or give it a longer time-out',
  ),
  EINTR: cause(WouldBlockError, 'retriable', 'a signal interrupted it', 'try again'),
  EFSM: cause(
    SocketStateError,
    'fatal',
    'the socket is not in a state for it',
    'REQ sends, then receives; REP receives, then sends',
  ),
  EBUSY: cause(SocketStateError, 'fatal', 'the same operation is under way on this socket', 'await the one before'),
  ENOTSUP: cause(SocketStateError, 'fatal', 'this type of socket does not support it', 'use the type that does'),
  EOPNOTSUPP: cause(SocketStateError, 'fatal', 'the socket does not support it', 'use the type or transport that does'),
  ENOPROTOOPT: cause(SocketStateError, 'fatal', 'the operating system has no such option', 'leave the option out'),
  ENOSYS: cause(
    SocketStateError,
    'fatal',
    'the operating system, or this build of ZeroMQ, does not have it',
    'do without it here',
  ),
  EISCONN: cause(SocketStateError, 'fatal', 'the socket is connected already', 'disconnect it first'),
  EIO: cause(
    ResourceLimitError,
    'fatal',
    'the operating system could not read or write',
    'look at its log, and open a new socket',
  ),
  ENOTSOCK: cause(SocketStateError, 'fatal', 'the socket is closed', 'open a new one'),
  EBADF: cause(SocketStateError, 'fatal', 'the socket is closed', 'open a new one'),
  ETERM: cause(
    SocketStateError,
    'fatal',
    'the context of ZeroMQ has ended',
    'the process is ending; stop using sockets',
  ),
  EFAULT: cause(SocketStateError, 'fatal', 'the socket or the context is not valid', 'open a new one'),
  EADDRINUSE: cause(
    AddressError,
    'fatal',
    'the address is in use',
    'choose another one, or close the socket that has it',
  ),
  EADDRNOTAVAIL: cause(
    AddressError,
    'fatal',
    'the address is not one of this machine',
    'bind to an address or interface of this machine, or to *',
  ),
  ENODEV: cause(AddressError, 'fatal', 'the address names an interface that is not there', 'name one that is, or *'),
  EINVAL: cause(
    AddressError,
    'fatal',
    'the address or an option is malformed',
    'write tcp://host:port, ipc://path or inproc://name, and options as documented',
  ),
  ENOENT: cause(
    AddressError,
    'fatal',
    'there is no such endpoint on this socket, or no such directory for an ipc path',
    'name one that it was bound or connected to, or make the directory',
  ),
  EPROTONOSUPPORT: cause(AddressError, 'fatal', 'the transport is not supported', 'use tcp, ipc or inproc'),
  ENOCOMPATPROTO: cause(
    AddressError,
    'fatal',
    'the transport does not go with this type of socket',
    'use tcp, ipc or inproc',
  ),
  ELOOP: cause(AddressError, 'fatal', 'the path of the ipc endpoint goes in circles', 'take one without that link'),
  EISDIR: cause(AddressError, 'fatal', 'the path of the ipc endpoint is a directory', 'name a file in it'),
  EEXIST: cause(
    AddressError,
    'fatal',
    'the path of the ipc endpoint exists and is no socket',
    'take another one, or remove it if nobody needs it',
  ),
  ENXIO: cause(AddressError, 'fatal', 'there is no such device or address', 'name one that there is'),
  EPROTOTYPE: cause(
    AddressError,
    'fatal',
    'the place has a socket of another kind',
    'take another one, or stop who has it',
  ),
  EDESTADDRREQ: cause(AddressError, 'fatal', 'the address of the peer is missing', 'write it out: tcp://host:port'),
  EACCES: cause(
    AddressError,
    'fatal',
    'the operating system does not allow the address',
    'take a port from 1024 on, or a path that you may write',
  ),
  EPERM: cause(
    AddressError,
    'fatal',
    'the operating system does not permit the address',
    'take one that the user of this process may use',
  ),
  ENAMETOOLONG: cause(
    AddressError,
    'fatal',
    'the path of the ipc endpoint is too long',
    'take a shorter one; the limit is 107 bytes on Linux, 103 elsewhere',
  ),
  ENOTDIR: cause(
    AddressError,
    'fatal',
    'the path of the ipc endpoint leads through a file',
    'name a directory that there is',
  ),
  EROFS: cause(
    AddressError,
    'fatal',
    'the path of the ipc endpoint is on a file system that nobody can write',
    'take another directory',
  ),
  EXDEV: cause(AddressError, 'fatal', 'the address crosses file systems', 'take another directory'),
  EHOSTDOWN: cause(
    HostUnreachableError,
    'retriable',
    'the host of the peer is down',
    'ZeroMQ goes on trying; start the host',
  ),
  EHOSTUNREACH: cause(
    HostUnreachableError,
    'retriable',
    'no peer of that identity is connected',
    'wait until it is, or drop the message',
  ),
  ENETUNREACH: cause(HostUnreachableError, 'retriable', 'the network cannot be reached', 'try again later'),
  ENETDOWN: cause(HostUnreachableError, 'retriable', 'the network is down', 'try again later'),
  ECONNREFUSED: cause(
    HostUnreachableError,
    'retriable',
    'the peer refused the connection',
    'ZeroMQ goes on trying; start the peer',
  ),
  ECONNRESET: cause(
    HostUnreachableError,
    'retriable',
    'the peer has closed the connection',
    'ZeroMQ connects again by itself',
  ),
  ECONNABORTED: cause(
    HostUnreachableError,
    'retriable',
    'the connection was aborted',
    'ZeroMQ connects again by itself',
  ),
  ENETRESET: cause(
    HostUnreachableError,
    'retriable',
    'the network has dropped the connection',
    'ZeroMQ connects again by itself',
  ),
  EPIPE: cause(
    HostUnreachableError,
    'retriable',
    'the peer has closed the connection',
    'ZeroMQ connects again by itself',
  ),
  ENOTCONN: cause(HostUnreachableError, 'retriable', 'the socket is not connected', 'connect it, or wait'),
  ETIMEDOUT: cause(HostUnreachableError, 'retriable', 'the peer did not answer in time', 'try again later'),
  EINPROGRESS: cause(WouldBlockError, 'retriable', 'it is under way', 'wait for it'),
  EWOULDBLOCK: cause(
    WouldBlockError,
    'retriable',
    'it would have to wait longer than the socket may',
    'try again later, or give it a longer time-out',
  ),
  EALREADY: cause(SocketStateError, 'fatal', 'it is under way already', 'await the one before'),
  ECANCELED: cause(SocketStateError, 'fatal', 'it was given up, as the socket was closed meanwhile', 'open a new one'),
  EPROTO: cause(
    SocketStateError,
    'fatal',
    'the peer does not speak the protocol of ZeroMQ, or not that of this type',
    'plug it to a peer that SOCKET_TRAITS names',
  ),
  EMSGSIZE: cause(
    SocketStateError,
    'fatal',
    'the message is too large, or has parts that its type forbids',
    'send less, or raise maxMessageSize',
  ),
  EAFNOSUPPORT: cause(
    AddressError,
    'fatal',
    'the family of the address is not supported',
    'set ipv6, or use an IPv4 address',
  ),
  EMFILE: cause(
    ResourceLimitError,
    'fatal',
    'the process has as many sockets or descriptors as it may',
    'close some, or raise maxSockets and ulimit -n',
  ),
  ENFILE: cause(
    ResourceLimitError,
    'fatal',
    'the machine has as many open descriptors as it may',
    'close some, in this process or others',
  ),
  ENOSPC: cause(ResourceLimitError, 'fatal', 'the device is full', 'make room on it'),
  ENOMEM: cause(
    ResourceLimitError,
    'fatal',
    'there is no memory',
    'send less at a time, or lower the high-water marks',
  ),
  ENOBUFS: cause(ResourceLimitError, 'retriable', 'the operating system has no buffers', 'try again later'),
  EMTHREAD: cause(
    ResourceLimitError,
    'fatal',
    'ZeroMQ has no thread for network traffic, or none that affinity names',
    'set ioThreads to 1 or more, or correct affinity',
  ),
}

/**
 * Whether the call that threw this may succeed later without a change in the program: it would have blocked, its time
 * was up, it was aborted, or a peer is away.
 */
export function isRetriable(error: unknown): boolean {
  if (error instanceof ZmqError) return error.retry === 'retriable'
  // What an AbortSignal throws by itself.
  return error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

/** Makes the error of an errno; one that the table does not have is passed on with the text that came with it. */
export function zmqError(errno: string, action: string, text: string): ZmqError {
  const known = FAULTS[errno] ?? cause(ZmqError, 'fatal', text, 'see the zmq reference for this errno')
  return new known.errorClass(errno, action, known)
}
