import { amount, duration } from '../model/format.js'
import type { LinkState, SystemState, ThreadState } from '../model/state.js'
import { hrefOf } from './route.js'

/** Messages that a thread may have sent to another which that has not handled yet, see `LINK_LIMITS`. */
const WINDOW = 16_384

/** What is under way from each thread to each other: columns that are dark are slow receivers. */
export function Links({ state }: { state: SystemState }) {
  const { links, threads } = state
  const linked = threads.filter(({ host }) => links.some(({ from, to }) => from === host || to === host))
  const byPair = new Map(links.map(link => [`${link.from} ${link.to}`, link]))
  if (linked.length === 0)
    return (
      <section>
        <h2>Links</h2>
        <p class="quiet">No thread has talked to another yet.</p>
      </section>
    )
  return (
    <section>
      <table class="heat">
        <caption>Messages that were sent and not handled yet</caption>
        <thead>
          <tr>
            <th scope="col">from \ to</th>
            {linked.map(thread => (
              <th key={thread.host} scope="col" class="number">
                <ThreadLink thread={thread} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {linked.map(sender => (
            <tr key={sender.host}>
              <th scope="row">
                <ThreadLink thread={sender} />
              </th>
              {linked.map(receiver => (
                <Cell key={receiver.host} link={byPair.get(`${sender.host} ${receiver.host}`)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        With the time that the oldest has waited, to one look. ! A sender waits until its receiver has handled some.
      </p>
    </section>
  )
}

function ThreadLink({ thread: { host, name } }: { thread: ThreadState }) {
  return <a href={hrefOf({ screen: 'thread', host })}>{name}</a>
}

function Cell({ link }: { link: LinkState | undefined }) {
  if (link === undefined) return <td class="number quiet">·</td>
  const { messages, oldestMs, isStalled } = link
  const share = Math.min(1, Math.log(1 + messages) / Math.log(1 + WINDOW))
  return (
    <td class="number" style={{ '--share': share }}>
      {isStalled && <strong title="the sender waits">! </strong>}
      {amount(messages)}
      {oldestMs > 0 && <div class="quiet">{duration(oldestMs)}</div>}
    </td>
  )
}
