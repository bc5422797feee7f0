import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import * as core from './index.js'

/** The names that a declaration file exports, types too. */
async function declaredNames(): Promise<string[]> {
  const text = await readFile(new URL('./index.d.ts', import.meta.url), 'utf8')
  const lists = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].map(([, list]) => list as string)
  const names = lists.flatMap(list => list.split(',')).map(name => name.trim().replace('type ', ''))
  return names.filter(name => name !== '').toSorted()
}

test('the package exports these values and no others', () => {
  expect(Object.keys(core).toSorted()).toMatchInlineSnapshot(`
    [
      "AddressError",
      "AttachedThread",
      "Barrier",
      "BlockGoneError",
      "EndpointError",
      "EnvelopeError",
      "HeapLimitError",
      "HostUnreachableError",
      "InterruptError",
      "LINK_LIMITS",
      "Latch",
      "LeakError",
      "Link",
      "MESSAGE_LIMITS",
      "NotCloneableError",
      "PairSocket",
      "Pipe",
      "PipeClosedError",
      "PipeFullError",
      "Poller",
      "Queue",
      "ResourceLimitError",
      "SOCKET_LIMITS",
      "SOCKET_TRAITS",
      "Scope",
      "SharedBlock",
      "SocketError",
      "SocketStateError",
      "ThreadStartError",
      "Ticker",
      "Waiters",
      "WouldBlockError",
      "ZeraError",
      "ZmqError",
      "blocksOf",
      "configureContext",
      "createLinkEnds",
      "decodeValues",
      "describeDown",
      "doctor",
      "encodeValues",
      "expectNoLeaks",
      "freshEndpoint",
      "interruptSignal",
      "isRetriable",
      "openResources",
      "openSocket",
      "parseEndpoint",
      "reactor",
      "renderDiagnosis",
      "signalSource",
      "startThread",
      "trackResource",
      "trackSource",
      "unwrapPublication",
      "unwrapRequest",
      "words",
      "wrapPublication",
      "wrapReply",
    ]
  `)
})

test('the package exports these types and no others', async () => {
  const names = await declaredNames()

  expect(names.filter(name => !(name in core))).toMatchInlineSnapshot(`
    [
      "BlockHandle",
      "Cause",
      "CodecExtension",
      "ContextSettings",
      "Diagnosis",
      "Down",
      "DownReason",
      "Endpoint",
      "Finding",
      "Frame",
      "Frames",
      "InterruptOptions",
      "InterruptSignal",
      "Leftovers",
      "LinkBlocks",
      "LinkEnd",
      "LinkReceiver",
      "LinkStatistics",
      "OpenResource",
      "PatientSocket",
      "PipeStatistics",
      "PluggableSocket",
      "PollCall",
      "Pollable",
      "PollerOptions",
      "Prevention",
      "Progress",
      "PublicationEnvelope",
      "Reactor",
      "ReceiveCall",
      "ReceivingSocket",
      "Remains",
      "RequestEnvelope",
      "ResourceKind",
      "ResourceSource",
      "Returned",
      "Sendable",
      "SendingSocket",
      "Signal",
      "SocketOptions",
      "SocketStatistics",
      "SocketTraits",
      "SocketType",
      "Sockets",
      "StopOptions",
      "SubscribingSocket",
      "Thread",
      "ThreadMain",
      "ThreadOptions",
      "ThreadReceipt",
      "ThreadSignals",
    ]
  `)
})
