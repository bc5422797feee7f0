import { Publisher, Pull, Push, Reply, Request, Subscriber } from 'zeromq'

// A peer of a device, in a process of its own. It uses zeromq.js as it is, so that as little as possible of what is measured is the peer's. Each number that it gets is a round of so many messages.

const [role = '', endpoint = ''] = process.argv.slice(2)
const BODY = Buffer.alloc(16)
const say = (said: unknown): void => void process.send?.(said)
const rounds = (run: (messages: number) => Promise<void>): void =>
  void process.on('message', messages => void run(messages as number))

switch (role) {
  case 'replier': {
    const socket = new Reply()
    socket.connect(endpoint)
    say('ready')
    for await (const request of socket) await socket.send(request)
    break
  }
  case 'requester': {
    const socket = new Request()
    socket.connect(endpoint)
    rounds(async messages => {
      const startedAt = performance.now()
      for (let request = 0; request < messages; request++) {
        await socket.send(BODY)
        await socket.receive()
      }
      say(performance.now() - startedAt)
    })
    say('ready')
    break
  }
  case 'puller':
  case 'subscriber': {
    const socket = role === 'puller' ? new Pull() : new Subscriber({ receiveHighWaterMark: 0 })
    if (socket instanceof Subscriber) socket.subscribe('')
    socket.connect(endpoint)
    const next = async (): Promise<void> => {
      while ((await socket.receive())[0]?.byteLength !== BODY.byteLength);
    }
    rounds(async messages => {
      await next()
      const startedAt = performance.now()
      for (let received = 1; received < messages; received++) await next()
      say(performance.now() - startedAt)
    })
    say('ready')
    break
  }
  case 'pusher':
  case 'publisher': {
    const socket = role === 'pusher' ? new Push() : new Publisher({ sendHighWaterMark: 0 })
    socket.connect(endpoint)
    rounds(async messages => {
      for (let sent = 0; sent < messages; sent++) await socket.send(BODY)
    })
    say('ready')
  }
}
