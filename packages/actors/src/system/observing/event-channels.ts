import { channel } from 'node:diagnostics_channel'
import type { EventStream } from '../../model/events/events.js'

/**
 * Passes each event of a system on to Node's `diagnostics_channel`, for whoever watches a process and not one system:
 * on the channel `zera:` with the type of the event, as its fields and the `system`'s name.
 */
export function publishEvents(system: string, events: EventStream): void {
  events.onAny(({ type, event }) => {
    const published = channel(`zera:${type}`)
    if (published.hasSubscribers) published.publish({ ...event, system })
  })
}
