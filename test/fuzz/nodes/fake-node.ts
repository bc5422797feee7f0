import { openSocket, publicKeyOf, type SocketOptions, type Sockets } from '@zera/core'
import { decodeValues, encodeValues } from '@zera/core/internal'

/** A session of a system with a fake. */
export interface FakeSession {
  readonly id: string
  /** The number of the thread that is lent. */
  thread: number
  /** Frames that were said and received in it. */
  said: number
  received: number
  /** Whether it says nonsense now. */
  isMad: boolean
}

/** When the system does what. A fake goes on as a node would when it is not told anything better. */
export interface FakeEars {
  /** It asks for a session. Returns whether it is to be had. */
  opening(session: FakeSession): boolean
  /** It has asked for a thread. Returns whether that is started. */
  starting(session: FakeSession): boolean
}

/** The part of a node in which it talks to a system, with no threads behind it. */
export class FakeNode {
  readonly endpoint: string
  readonly #socket: Sockets['ROUTER']
  /** Where its threads would listen. */
  readonly #door: Sockets['ROUTER']
  readonly #doorEndpoint: string
  readonly #doorKey: string | undefined
  readonly #down: string
  readonly #ears: FakeEars
  readonly #sessions = new Map<string, FakeSession>()
  readonly #served: Promise<unknown>

  private constructor(
    [socket, endpoint]: [Sockets['ROUTER'], string],
    [door, doorEndpoint]: [Sockets['ROUTER'], string],
    down: string,
    ears: FakeEars,
    doorKey: string | undefined,
  ) {
    this.#doorKey = doorKey
    this.#socket = socket
    this.endpoint = endpoint
    this.#door = door
    this.#doorEndpoint = doorEndpoint
    this.#down = down
    this.#ears = ears
    this.#served = Promise.all([this.#serve(), discard(door)])
  }

  /** @param down What a real node says of a thread that was killed. */
  static async start(security: SocketOptions['ROUTER'], down: string, ears: FakeEars): Promise<FakeNode> {
    const open = async (): Promise<[Sockets['ROUTER'], string]> => {
      const socket = await openSocket('ROUTER', {
        ...security,
        linger: 0,
        mandatory: false,
        handover: true,
        sendHighWaterMark: 0,
      })
      return [socket, await socket.bind('tcp://127.0.0.1:*')]
    }
    const { curveSecretKey: secret } = security
    return new FakeNode(await open(), await open(), down, ears, secret === undefined ? undefined : publicKeyOf(secret))
  }

  async send({ id }: FakeSession, frames: readonly (string | Buffer)[]): Promise<void> {
    await this.#socket.send([id, ...frames])
  }

  async stop(): Promise<void> {
    await Promise.all([this.#socket.close(), this.#door.close()])
    await this.#served
  }

  async #serve(): Promise<void> {
    for await (const [id, frame] of this.#socket) this.#take(String(id), JSON.parse(String(frame)) as unknown)
  }

  #take(id: string, said: unknown): void {
    const session = this.#sessions.get(id)
    if (Array.isArray(said)) {
      if (session !== undefined) this.#takeFrame(session, said as unknown[])
      return
    }
    const { open, beat } = said as { readonly open?: object; readonly beat?: number }
    if (open !== undefined && session === undefined) this.#open({ id, thread: 0, said: 0, received: 0, isMad: false })
    if (beat !== undefined && session !== undefined)
      void this.send(session, [JSON.stringify({ beat, echo: beat, rssBytes: 1 })])
  }

  #open(session: FakeSession): void {
    this.#sessions.set(session.id, session)
    if (this.#ears.opening(session)) void this.send(session, ['{"opened":true}'])
  }

  #takeFrame(session: FakeSession, frame: readonly unknown[]): void {
    if ((frame[0] as number) <= session.received) return
    session.received = frame[0] as number
    const [message] = frame[3] as [unknown]
    const { kind, thread } = decodeValues(message)[0] as { readonly kind: string; readonly thread: number }
    if (kind === 'start') session.thread = thread
    if (kind === 'start' && this.#ears.starting(session))
      this.say(session, { kind: 'started', thread, endpoint: this.#doorEndpoint, doorKey: this.#doorKey })
    else if (kind === 'stop' || kind === 'kill') void this.send(session, [inTurn(this.#down, session)])
    else if (kind === 'close') this.say(session, { kind: 'closed' })
    else void this.send(session, [`[0,${session.received},${session.said}]`])
  }

  say(session: FakeSession, report: object): void {
    session.said += 1
    void this.send(session, [`[${session.said},${session.received},[],[${encodeValues([report])}]]`])
  }
}

/** A frame that was said in another session as the next one of this, about its own thread. */
export function inTurn(text: string, session: FakeSession): string {
  const frame = JSON.parse(text) as unknown
  if (!Array.isArray(frame) || frame.length !== 4) return text
  session.said += 1
  const [slots, [message]] = frame.slice(2) as [unknown, [unknown]]
  const [report] = decodeValues(message) as [object]
  const about = 'thread' in report ? { ...report, thread: session.thread } : report
  return `[${session.said},${session.received},${JSON.stringify(slots)},[${encodeValues([about])}]]`
}

async function discard(socket: Sockets['ROUTER']): Promise<void> {
  for await (const message of socket) void message
}
