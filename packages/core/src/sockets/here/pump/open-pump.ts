import { expectOwner } from '../../../base/owning/owner.js'
import { expectNumber } from '../../../base/values/expect-number.js'
import { SOCKET_TRAITS, type SocketType } from '../../../native/socket-type.js'
import {
  PUMP_SIDES,
  type CheckedPump,
  type CheckedPumpSocket,
  type PumpOptions,
  type PumpSide,
  type PumpSocketOptions,
} from '../../options/pump-options.js'
import { checkOptions } from '../../options/socket-options.js'
import { ioAccess } from '../io-access.js'
import { IoPump } from './io-pump.js'
import type { Pump } from './pump.js'

const CAPTURES: readonly SocketType[] = ['PUB', 'PUSH', 'PAIR', 'DEALER']

/**
 * Opens a pump: two sockets, and a third one for copies if need be, that hand on messages in the I/O thread. It works
 * from their first plug on.
 *
 * The two directions hold each other up with nothing, however full one is. For a peer of a ROUTER or a publisher that
 * is at its mark messages are dropped and counted, as ZeroMQ does it, so that it does not stop the others; all other
 * types wait for room.
 *
 * @example
 *   await using pump = await openPump({ frontend: { type: 'PULL' }, backend: { type: 'PUSH' } })
 *   await pump.frontend.bind('tcp://127.0.0.1:5557')
 *   await pump.backend.bind('tcp://127.0.0.1:5558')
 *
 * @throws {TypeError} When a type or an option is unknown, messages can go neither way, or the rule does not fit.
 * @throws {RangeError} When an option is out of its range.
 * @throws {SocketError} In a worker that Zera did not start, or when there are too many sockets.
 * @throws {ScopeClosedError} In the code of an actor whose instance has ended.
 */
export async function openPump(options: PumpOptions): Promise<Pump> {
  const checked = checkPump(options)
  expectOwner('open a pump')
  const { client, keepAlive } = await ioAccess()
  expectOwner('open a pump')
  const pump = new IoPump(checked, client, keepAlive)
  await pump.open()
  return pump
}

function checkPump({ frontend, backend, capture, rule }: PumpOptions): CheckedPump {
  for (const [at, socket] of [frontend, backend, capture].entries())
    if (socket !== undefined) expectType(PUMP_SIDES[at] as PumpSide, socket.type)
  const [front, back] = [SOCKET_TRAITS[frontend.type], SOCKET_TRAITS[backend.type]]
  if (!(front.receives && back.sends) && !(back.receives && front.sends))
    throw new TypeError(
      `Cannot open a pump: nothing can go from ${frontend.type} to ${backend.type}, or back; see SOCKET_TRAITS`,
    )
  if (rule?.kind === 'ready-workers' && (frontend.type !== 'ROUTER' || backend.type !== 'ROUTER'))
    throw new TypeError('Cannot open a pump for ready workers: its frontend and backend are not both ROUTER')
  if (rule?.kind === 'last-values') {
    if (backend.type !== 'XPUB')
      throw new TypeError(`Cannot open a pump that keeps last values: its backend is ${backend.type}, not XPUB`)
    expectNumber('open a pump that keeps last values', 'maxKeys', rule.maxKeys, { from: 1, isWhole: true })
  }
  return {
    frontend: checkSocket(frontend),
    backend: checkSocket(backend),
    ...(capture === undefined ? {} : { capture: checkSocket(capture) }),
    ...(rule === undefined ? {} : { rule }),
  }
}

function expectType(side: PumpSide, type: SocketType): void {
  if (!Object.hasOwn(SOCKET_TRAITS, type))
    throw new TypeError(
      `Cannot open a pump: there is no type ${type}; there are ${Object.keys(SOCKET_TRAITS).join(', ')}`,
    )
  if (side === 'capture' && !CAPTURES.includes(type))
    throw new TypeError(`Cannot open a pump: ${type} cannot capture; take ${CAPTURES.join(', ')}`)
  if (SOCKET_TRAITS[type].takesTurns || type === 'STREAM')
    throw new TypeError(
      `Cannot open a pump: ${type} does not pass on the frames that identify the sender; use ROUTER and DEALER for requests`,
    )
}

function checkSocket({ type, options = {} }: PumpSocketOptions): CheckedPumpSocket {
  // The pump does not wait for a peer that has gone, so no other peer has to.
  const forPump = type === 'ROUTER' ? { mandatory: false, ...options } : options
  return { type, native: checkOptions(type, forPump).native }
}
