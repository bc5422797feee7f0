import { Scope } from '@zera/core'
import type { Bench, Contender, Running } from '../bench.js'
import type { DeviceName, Places } from '../devices/places.js'
import { startProgram, type Program } from '../devices/program.js'
import type { Effort } from '../effort.js'

/** Round trips in a round, in messages of one. */
const MESSAGES_PER_ROUND_TRIP = 20

/** Requests and replies through a queue. */
export const queue: Bench = {
  name: 'queue',
  title: 'A request and its reply of 16 bytes through a queue, one at a time, over tcp between two processes',
  figures: [{ name: 'round trip', unit: 'µs', better: 'less', targets: [{ of: 'ratio', limit: 1 }] }],
  ...contendersFor('queue'),
  findings:
    "A request and its reply pass the I/O thread once each, and each time it is woken by its event loop, which calls JavaScript, where the native proxy is woken by the kernel and calls ZeroMQ: some 16 µs each, of about 200 in all, most of it JavaScript that has left the caches. The proxy pays for that with a thread of libuv's pool, which it blocks for good, and can neither count nor drain.",
}

/** Work that is handed on. */
export const streamer: Bench = {
  name: 'streamer',
  title: 'Messages of 16 bytes one way through a streamer, over tcp between two processes',
  figures: [{ name: 'one way', unit: 'msg/s', better: 'more', targets: [{ of: 'ratio', limit: 1 }] }],
  ...contendersFor('streamer'),
  findings:
    "In a profile (`perf`) of the I/O thread 93 % of the time is zeromq.js's own `receive` and `send`, 42 and 50: each message is an array, a Buffer, a promise and a look at the socket, one at a time. Receiving up to 64 messages before they are sent brought 15 %, at the price of the one message in hand that makes a full side hold up nothing else, and was given up. The target needs a call that receives many, which zeromq.js does not have; the native proxy never leaves C++, and blocks a thread of libuv's pool for it.",
}

/** Publications that are handed on. */
export const forwarder: Bench = {
  name: 'forwarder',
  title: 'Messages of 16 bytes one way through a forwarder, over tcp between two processes',
  figures: [{ name: 'one way', unit: 'msg/s', better: 'more', targets: [{ of: 'ratio', limit: 1 }] }],
  ...contendersFor('forwarder'),
  findings:
    "As the streamer's: 93 % of the I/O thread's time is zeromq.js's own `receive` and `send`, one message at a time.",
}

function contendersFor(device: DeviceName): Pick<Bench, 'baselines' | 'contenders'> {
  const contender = (system: string, program: 'zera-device' | 'native-proxy'): Contender => ({
    system,
    ...(program === 'zera-device' ? { isOurs: true } : {}),
    start: effort => (device === 'queue' ? startQueue(program, effort) : startOneWay(program, device, effort)),
  })
  return {
    baselines: ['zmq.Proxy'],
    contenders: [contender('zera', 'zera-device'), contender('zmq.Proxy', 'native-proxy')],
  }
}

async function startQueue(program: 'zera-device' | 'native-proxy', { most }: Effort): Promise<Running> {
  const scope = new Scope()
  const { frontend, backend } = await startMiddle(scope, program, 'queue')
  await startPeer(scope, 'replier', backend)
  const requester = await startPeer(scope, 'requester', frontend)
  const roundTrips = Math.max(1, most / MESSAGES_PER_ROUND_TRIP)
  return {
    round: async () => {
      requester.tell(roundTrips)
      return { 'round trip': ((await requester.says<number>()) * 1000) / roundTrips }
    },
    [Symbol.asyncDispose]: async () => void (await scope.close()),
  }
}

async function startOneWay(
  program: 'zera-device' | 'native-proxy',
  device: 'streamer' | 'forwarder',
  { most }: Effort,
): Promise<Running> {
  const scope = new Scope()
  const { frontend, backend } = await startMiddle(scope, program, device)
  const receiver = await startPeer(scope, device === 'streamer' ? 'puller' : 'subscriber', backend)
  const sender = await startPeer(scope, device === 'streamer' ? 'pusher' : 'publisher', frontend)
  // Messages are lost until the publisher knows the subscriber, so it sends single ones until one has arrived.
  receiver.tell(1)
  const arrived = receiver.says().then(() => true)
  for (;;) {
    sender.tell(1)
    if (
      device === 'streamer' ||
      (await Promise.race([arrived, new Promise(resolve => setTimeout(resolve, 5, false))])) === true
    )
      break
  }
  await arrived
  return {
    round: async () => {
      receiver.tell(most)
      sender.tell(most)
      return { 'one way': (most * 1000) / (await receiver.says<number>()) }
    },
    [Symbol.asyncDispose]: async () => void (await scope.close()),
  }
}

async function startMiddle(scope: Scope, program: 'zera-device' | 'native-proxy', device: DeviceName): Promise<Places> {
  const middle = startProgram(program, device)
  scope.own(program, async () => middle[Symbol.asyncDispose]())
  return middle.says<Places>()
}

async function startPeer(scope: Scope, role: string, endpoint: string): Promise<Program> {
  const peer = startProgram('peer', role, endpoint)
  scope.own(role, async () => peer[Symbol.asyncDispose]())
  await peer.says()
  return peer
}
