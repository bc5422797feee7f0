import { describe, expect, test } from 'vitest'
import { eventDescriptors } from '../../fixtures/descriptors.js'
import { Inbox } from '../../fixtures/links/link-inbox.js'
import { until } from '../../fixtures/until.js'
import { words } from '../../words/this-thread.js'
import { createLinkEnds, haveMet, type LinkEnd } from '../link-end.js'
import { Link } from '../link.js'
import { reactor } from '../reactor/reactor.js'
import { endMeeting } from './late-bind.js'

const LINKS = 6
const FEW = 2

function open(end: LinkEnd): Link {
  const link = new Link('side', reactor, new Inbox())
  link.open(end)
  return link
}

/** Opens and closes one side of so many links, whose others have gone without a word. */
function abandonOne(role: 'bind' | 'connect', hasPeerEnded: boolean): LinkEnd[] {
  return Array.from({ length: LINKS }, () => {
    const [bind, connect] = createLinkEnds('late', 1, words.memory, words.memory)
    const own = role === 'bind' ? bind : connect
    const link = open(own)
    link.outbox.post('"hello"')
    if (hasPeerEnded) link.takeRemains()
    link.close()
    ;(role === 'bind' ? connect : bind).handover.close()
    return own
  })
}

describe('a side of a link whose other side has ended before it was there', () => {
  test.each(['bind', 'connect'] as const)('leaves no descriptor behind: %s', async role => {
    const before = eventDescriptors()

    const ends = abandonOne(role, true)

    expect(ends.map(haveMet)).not.toContain(false)
    await until(() => eventDescriptors() <= before + FEW)
  })

  test('leaves that to endMeeting() when it ends before it knows', async () => {
    const before = eventDescriptors()
    const ends = abandonOne('connect', false)
    expect(ends.map(haveMet)).not.toContain(true)
    expect(eventDescriptors()).toBeGreaterThan(before + FEW)

    expect(ends.map(end => endMeeting(end))).not.toContain(false)

    await until(() => eventDescriptors() <= before + FEW)
  })
})

test('haveMet() says that the hello has arrived', async () => {
  const [bind, connect] = createLinkEnds('late', 1, words.memory, words.memory)
  const connecting = open(connect)
  expect(haveMet(bind)).toBe(false)

  const binding = open(bind)
  await until(() => haveMet(connect))

  connecting.close()
  binding.close()
})
