/**
 * ZeroMQ's intermediaries as supervised services.
 *
 * @module
 */
export type { Service, StartService } from '@zera/core'
