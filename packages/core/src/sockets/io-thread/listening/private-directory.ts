import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes of the path of a socket that every system takes. */
const MAX_PATH_BYTES = 100
/** What is added to the prefix: six characters that are made up, and the name of a socket. */
const ADDED_BYTES = 8

/**
 * Where a directory for sockets may lie; undefined where there is no ipc that ZeroMQ and Node both know, or no path is
 * short enough.
 */
const prefix =
  process.platform === 'win32'
    ? undefined
    : [tmpdir(), '/tmp']
        .map(parent => join(parent, 'zera-'))
        .find(path => Buffer.byteLength(path) + ADDED_BYTES <= MAX_PATH_BYTES)

/** Whether there can be one. */
export const hasPrivateDirectories = prefix !== undefined

/**
 * Makes a directory that only this user can enter, for the sockets between a relay and ZeroMQ; undefined where there is
 * none.
 */
export function makePrivateDirectory(): string | undefined {
  // Its mode is 0700.
  return prefix === undefined ? undefined : mkdtempSync(prefix)
}
