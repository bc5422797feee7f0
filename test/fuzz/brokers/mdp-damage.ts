import type { Chance } from '../chance.js'

/** Who would say a message: a client, or a worker. */
export type MdpRole = 'client' | 'worker'

/** A message of a client or a worker that is none, or is one at the wrong time. */
export interface MdpDamage {
  readonly name: string
  /** Whether nothing that it makes is of the protocol. */
  readonly isCertain: boolean
  /** How rarely it is done, once in so many times, when it is costly. */
  readonly once?: number
  make(frames: readonly Buffer[], chance: Chance): readonly Buffer[]
}

/** What attackers ask for and register for; no honest peer does. */
const SERVICE = 'attacked'
const NAMES = [SERVICE, 'nobody', '__proto__', 'constructor', 'x'.repeat(255)]
const HEADERS = ['MDPC00', 'MDPC03', 'MDPW09', 'mdpc01', 'MDPC0', 'MDPW011', '__proto__', 'toString']
const BAD_NAMES = ['', '\0', 'line\nbreak', 'x'.repeat(256), 'x'.repeat(60_000), '\xff']

/** A good message of a role. */
export function mdpMessage(role: MdpRole, chance: Chance): readonly Buffer[] {
  return (role === 'client' ? clientMessage(chance) : workerMessage(chance)).map(frame => Buffer.from(frame, 'latin1'))
}

/** All ways to damage one. */
export const MDP_DAMAGES: readonly MdpDamage[] = [
  {
    name: 'truncated',
    isCertain: false,
    make: (frames, chance) => orEmpty(frames.slice(0, chance.below(frames.length))),
  },
  {
    name: 'cut in a frame',
    isCertain: false,
    make: (frames, chance) => edited(frames, chance, frame => frame.subarray(0, chance.below(frame.length + 1))),
  },
  {
    name: 'flipped',
    isCertain: false,
    make: (frames, chance) => edited(frames, chance, frame => flipped(frame, chance)),
  },
  {
    name: 'bytes',
    isCertain: false,
    make: (_frames, chance) => Array.from({ length: 1 + chance.below(6) }, () => chance.bytes(chance.below(40))),
  },
  {
    name: 'frames in another order',
    isCertain: false,
    make: (frames, chance) => frames.toSorted(() => chance.below(3) - 1),
  },
  { name: 'a frame twice', isCertain: false, make: (frames, chance) => twice(frames, chance.below(frames.length)) },
  { name: 'a frame too many in front', isCertain: true, make: frames => [Buffer.from('x'.repeat(256)), ...frames] },
  { name: 'wrong version', isCertain: true, make: (frames, chance) => withHeader(frames, chance.pick(HEADERS)) },
  {
    name: 'version of the other envelope',
    isCertain: true,
    make: frames => (frames[0]?.length === 0 ? frames.slice(1) : [Buffer.alloc(0), ...frames]),
  },
  {
    name: 'wrong command',
    isCertain: true,
    make: (_frames, chance) =>
      texts(
        chance.pick([
          ['MDPC02', '\x05', SERVICE, 'x'],
          ['MDPW02', '\x09'],
          ['', 'MDPW01', '\x02', 'client', '', 'x'],
          ['', 'MDPW01', ''],
        ]),
      ),
  },
  {
    name: 'bad name',
    isCertain: true,
    make: (_frames, chance) => texts(['MDPC02', '\x01', chance.pick(BAD_NAMES), 'x']),
  },
  {
    name: 'deep',
    isCertain: true,
    once: 10,
    make: (_frames, chance) =>
      texts([...Array.from({ length: 16 + chance.below(900) }, () => 'hop'), '', 'MDPC01', SERVICE, 'x']),
  },
  {
    name: 'many frames',
    isCertain: false,
    once: 10,
    make: (_frames, chance) =>
      texts(['MDPC02', '\x01', SERVICE, ...Array.from({ length: 900 + chance.below(100) }, () => '')]),
  },
  { name: 'long addresses', isCertain: true, make: () => texts(['y'.repeat(300), '', 'MDPC01', SERVICE, 'x']) },
  {
    name: 'an envelope as long as may be',
    isCertain: false,
    make: () => texts([...Array.from({ length: 15 }, () => 'y'.repeat(255)), '', 'MDPC01', SERVICE, 'x']),
  },
  { name: 'an empty frame', isCertain: true, make: () => [Buffer.alloc(0)] },
  { name: 'replayed', isCertain: false, make: frames => frames },
  {
    name: 'a reply to what it does not hold',
    isCertain: false,
    make: (_frames, chance) =>
      texts(['MDPW02', chance.pick(['\x03', '\x04']), chance.below(100_000).toString(36), '', 'forged']),
  },
]

function clientMessage(chance: Chance): readonly string[] {
  const body = Array.from({ length: 1 + chance.below(3) }, () => 'x'.repeat(chance.below(300)))
  return chance.pick([
    ['', 'MDPC01', chance.pick(NAMES), ...body],
    ['MDPC02', '\x01', chance.pick(NAMES), ...body],
    ['hop', 'hop', '', 'MDPC01', chance.pick(NAMES), ...body],
    ['MDPC02', '\x01', 'mmi.service', SERVICE],
  ])
}

function workerMessage(chance: Chance): readonly string[] {
  const [head, codes] = chance.pick([
    [['', 'MDPW01'], { ready: '\x01', final: '\x03', heartbeat: '\x04', disconnect: '\x05' }],
    [['MDPW02'], { ready: '\x01', final: '\x04', heartbeat: '\x05', disconnect: '\x06' }],
  ] as const)
  return chance.pick([
    [...head, codes.ready, SERVICE],
    [...head, codes.final, '1', '', 'forged'],
    [...head, codes.heartbeat],
    [...head, codes.disconnect],
  ])
}

function texts(frames: readonly string[]): readonly Buffer[] {
  return frames.map(frame => Buffer.from(frame, 'latin1'))
}

function orEmpty(frames: readonly Buffer[]): readonly Buffer[] {
  return frames.length === 0 ? [Buffer.alloc(0)] : frames
}

function edited(frames: readonly Buffer[], chance: Chance, edit: (frame: Buffer) => Buffer): readonly Buffer[] {
  return frames.with(chance.below(frames.length), edit(chance.pick(frames)))
}

function flipped(frame: Buffer, chance: Chance): Buffer {
  const bytes = Buffer.from(frame)
  if (bytes.length > 0) bytes[chance.below(bytes.length)]! ^= 1 << chance.below(8)
  return bytes
}

function twice(frames: readonly Buffer[], at: number): readonly Buffer[] {
  return frames.toSpliced(at, 0, frames[at] as Buffer)
}

function withHeader(frames: readonly Buffer[], header: string): readonly Buffer[] {
  return frames.map(frame => (frame.toString().startsWith('MDP') ? Buffer.from(header) : frame))
}
