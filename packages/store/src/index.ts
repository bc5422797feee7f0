/**
 * Stores for durable actors: their state survives its thread and the process.
 *
 * ```ts
 * import { startSystem } from '@zera/actors'
 * import { sqlite } from '@zera/store'
 * import Room from './room.js'
 *
 * await using system = await startSystem({ store: sqlite('app.db') })
 * const room = await system.spawn(Room, { name: 'lobby' })
 * await room.ask.say('hello') // answered when it is on disk
 * ```
 *
 * @module
 */
export { sqlite } from './sqlite/sqlite.js'
export { postgres } from './postgres/postgres.js'
