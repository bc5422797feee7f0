import type { ChildIdentity, EventSource } from '../../model/events/events.js'
import type { ChildNews } from './child/child-life.js'

/** Tells of a service or a supervisor; actors have events of their own. */
export function tellOfChild(events: EventSource, child: ChildIdentity, news: ChildNews): void {
  switch (news.type) {
    case 'started':
      events.emit('child-started', { child })
      break
    case 'failed':
      events.emit('child-failed', { child, error: news.error })
      break
    case 'restarted':
      events.emit('child-restarted', { child, error: news.error, restarts: news.restarts })
      break
    case 'stopped':
      events.emit('child-stopped', { child, reason: news.reason })
      break
    case 'given-up':
    // Only actors of the system's own supervisor have limits of their own.
  }
}
