import type { CurveServer, SocketOptions, SocketType } from '@zera/core'
import { expectOptions, optionNames } from '@zera/core/internal'
import type { PumpSocketOptions } from '@zera/core/internal'

/**
 * The endpoints of one side of a device, and the options of its socket: `bind`, `connect` or both, with one endpoint or
 * several.
 */
export interface SideOptions<T extends SocketType> {
  readonly bind?: string | readonly string[] | undefined
  readonly connect?: string | readonly string[] | undefined
  /** The options of `openSocket`. A side that connects has its client keys here: `curveClient`. */
  readonly options?: SocketOptions[T] | undefined
  /**
   * How this side encrypts what it binds, and which clients it lets in; they may differ from those of the other side.
   * Default: the device's setting.
   */
  readonly curve?: CurveServer | 'none' | undefined
}

/** One side of a device whose types are known: an endpoint to bind, several, or all of it. */
export type Side<T extends SocketType> = string | readonly string[] | SideOptions<T>

/** One side of a proxy, with its type. */
export type TypedSide = { readonly [T in SocketType]: { readonly type: T } & SideOptions<T> }[SocketType]

/** A side as it was checked. */
export interface CheckedSide {
  readonly socket: PumpSocketOptions
  readonly bind: readonly string[]
  readonly connect: readonly string[]
  readonly curve: CurveServer | 'none' | undefined
}

const SIDE_OPTIONS = optionNames<TypedSide>({ type: true, bind: true, connect: true, options: true, curve: true })

/** Gives a side its type. */
export function withType<T extends SocketType>(type: T, side: Side<T>): { readonly type: T } & SideOptions<T> {
  return typeof side === 'string' || isList(side) ? { type, bind: side } : { ...side, type }
}

/** @throws {TypeError} When a side has no endpoint, or an unknown option. */
export function checkSide(device: string, name: string, given: TypedSide): CheckedSide {
  expectOptions(`start a ${device}: ${name}`, given, SIDE_OPTIONS)
  const { type, bind = [], connect = [], options, curve } = given
  const side = {
    socket: { type, ...(options === undefined ? {} : { options }) } as PumpSocketOptions,
    bind: [bind].flat(),
    connect: [connect].flat(),
    curve,
  }
  if (side.bind.length + side.connect.length === 0)
    throw new TypeError(`Cannot start a ${device}: its ${name} has no endpoint; give it one to bind or to connect`)
  return side
}

function isList(side: object): side is readonly string[] {
  return Array.isArray(side)
}
