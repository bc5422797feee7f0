import { actorContext, defineActor, StoreUnavailableError, type ActorDefinition } from '@zera/actors'
import {
  clockOf,
  seededRandom,
  type ActorCommit,
  type AnswerReport,
  type CommitOutcome,
  type CommitReport,
  type KeptMessage,
  type KeptReport,
  type MailReport,
  type Random,
  type Reminder,
  type SentMessage,
  type SqlStatement,
  type StoreActor,
} from '@zera/actors/internal'

/** What is kept of an actor. */
interface Kept {
  version: number
  state: string
  commit: string
  readonly reminders: Map<string, Reminder>
}

/** A message in a durable mailbox. */
interface Mail extends KeptMessage {
  readonly key: string
  readonly commit: string
  readonly place: number
  tries: number
}

export interface Disk {
  readonly actors: Map<string, Kept>
  /** By their numbers, in that order. */
  readonly messages: Map<number, Mail>
  lastNumber: number
  /** By the key of their actor and their id. */
  readonly answers: Map<string, string>
  /** What was committed for tables of the program, in its order. */
  readonly statements: SqlStatement[]
}

// All threads of a simulation are in one, so what is here outlives each of them.
const disks: Disk[] = []

/** Makes one. Returns its number. */
export function newDisk(): number {
  return disks.push({ actors: new Map(), messages: new Map(), lastNumber: 0, answers: new Map(), statements: [] }) - 1
}

export function diskOf(number: number): Disk {
  return disks[number] as Disk
}

/** What a simulated store is started with. */
export interface SimulatedProps {
  readonly disk: number
  readonly seed: number
  readonly latencyMs: number
  readonly refusals: number
}

/** A store on a disk that is slow and refuses, as its seed decides. */
export class SimulatedEngine implements StoreActor {
  readonly #props: SimulatedProps
  readonly #wait: (ms: number) => Promise<void>
  readonly #disk: Disk
  readonly #random: Random

  constructor(props: SimulatedProps, wait: (ms: number) => Promise<void>) {
    this.#props = props
    this.#wait = wait
    this.#disk = diskOf(props.disk)
    // Each life of it makes other choices.
    this.#random = seededRandom(props.seed + this.#disk.actors.size)
  }

  async read(key: string): Promise<KeptReport> {
    await this.#takeTime()
    if (this.#refuses()) return { unavailable: refused() }
    const kept = this.#disk.actors.get(key)
    const store = `simulated-${this.#props.disk}`
    if (kept === undefined) return { kept: undefined, store }
    const reminders = [...kept.reminders.values()].toSorted((a, b) => a.dueMs - b.dueMs)
    return { store, kept: { version: kept.version, state: kept.state, reminders } }
  }

  async messages(key: string, most: number): Promise<MailReport> {
    await this.#takeTime()
    if (this.#refuses()) return { unavailable: refused() }
    const own = [...this.#disk.messages.values()].filter(message => message.key === key).slice(0, most)
    return { messages: own.map(({ number, method, args, tries }) => ({ number, method, args, tries })) }
  }

  async answer(key: string, id: string): Promise<AnswerReport> {
    await this.#takeTime()
    return this.#refuses() ? { unavailable: refused() } : { answer: this.#disk.answers.get(`${key} ${id}`) }
  }

  async *commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    await this.#takeTime()
    const isRefused = this.#refuses()
    const isKept = !isRefused || this.#random.next() < 0.5
    const outcomes = isKept ? changes.map(change => this.#write(change)) : []
    await this.#takeTime()
    yield isRefused ? { unavailable: refused() } : { outcomes }
  }

  #write(commit: ActorCommit): CommitOutcome {
    const { actors, messages } = this.#disk
    const { key, version, id, state, handled, sent } = commit
    const kept = actors.get(key)
    if (kept?.commit === id) {
      const again = [...messages.values()].filter(message => message.commit === id)
      return { kind: 'kept', numbers: sent.map((_, place) => again.find(each => each.place === place)?.number ?? 0) }
    }
    const isLate = version !== (kept?.version ?? 0) + 1
    if (isLate || handled.some(number => messages.get(number)?.key !== key)) return { kind: 'fenced' }
    const reminders = kept?.reminders ?? new Map<string, Reminder>()
    actors.set(key, { version, state, commit: id, reminders })
    for (const { id: name, reminder } of commit.reminders) {
      if (reminder === undefined) reminders.delete(name)
      else reminders.set(name, reminder)
    }
    for (const number of handled) messages.delete(number)
    for (const { id: question, answer } of commit.answers) this.#disk.answers.set(`${key} ${question}`, answer)
    this.#disk.statements.push(...commit.statements)
    for (const number of commit.tried) (messages.get(number) as Mail).tries += 1
    return { kind: 'kept', numbers: sent.map((message, place) => this.#send(message, id, place)) }
  }

  #send({ to, method, args }: SentMessage, commit: string, place: number): number {
    const number = ++this.#disk.lastNumber
    this.#disk.messages.set(number, { key: to, commit, place, number, method, args, tries: 0 })
    return number
  }

  #refuses(): boolean {
    return this.#random.next() < this.#props.refusals
  }

  #takeTime(): Promise<void> {
    return this.#wait(this.#random.next() * this.#props.latencyMs)
  }
}

function refused(): StoreUnavailableError {
  return new StoreUnavailableError('simulated', 'it refuses now and then', 'wait, it does not always')
}

/** Owns it in a simulated system, whose time it takes. */
class SimulatedStoreActor implements StoreActor {
  readonly #context = actorContext()
  #engine: SimulatedEngine | undefined

  onStart(props: SimulatedProps): void {
    const wait = (ms: number): Promise<void> => new Promise(resolve => void clockOf(this.#context).after(ms, resolve))
    this.#engine = new SimulatedEngine(props, wait)
  }

  read(key: string): Promise<KeptReport> {
    return (this.#engine as SimulatedEngine).read(key)
  }

  answer(key: string, id: string): Promise<AnswerReport> {
    return (this.#engine as SimulatedEngine).answer(key, id)
  }

  messages(key: string, most: number): Promise<MailReport> {
    return (this.#engine as SimulatedEngine).messages(key, most)
  }

  commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    return (this.#engine as SimulatedEngine).commit(changes)
  }
}

/** What `simulatedStore` starts. */
export const SIMULATED_STORE: ActorDefinition<StoreActor> = defineActor<SimulatedStoreActor>(
  import.meta.url,
  SimulatedStoreActor,
  { name: 'SimulatedStore' },
)
