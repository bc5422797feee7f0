import { actorContext, defineActor, StoreUnavailableError, type ActorDefinition } from '@zera/actors'
import {
  clockOf,
  seededRandom,
  type ActorCommit,
  type CommitOutcome,
  type CommitReport,
  type KeptReport,
  type Random,
  type Reminder,
  type StoreActor,
} from '@zera/actors/internal'

/** What is kept of an actor. */
interface Kept {
  version: number
  state: string
  commit: string
  readonly reminders: Map<string, Reminder>
}

export type Disk = Map<string, Kept>

// All threads of a simulation are in one, so what is here outlives each of them.
const disks: Disk[] = []

/** Makes one. Returns its number. */
export function newDisk(): number {
  return disks.push(new Map()) - 1
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
    this.#random = seededRandom(props.seed + this.#disk.size)
  }

  async read(key: string): Promise<KeptReport> {
    await this.#takeTime()
    if (this.#refuses()) return { unavailable: refused() }
    const kept = this.#disk.get(key)
    if (kept === undefined) return { kept: undefined }
    const reminders = [...kept.reminders.values()].toSorted((a, b) => a.dueMs - b.dueMs)
    return { kept: { version: kept.version, state: kept.state, reminders } }
  }

  async *commit(changes: readonly ActorCommit[]): AsyncGenerator<CommitReport, void, void> {
    await this.#takeTime()
    const isRefused = this.#refuses()
    const isKept = !isRefused || this.#random.next() < 0.5
    const outcomes = isKept ? changes.map(change => this.#write(change)) : []
    await this.#takeTime()
    yield isRefused ? { unavailable: refused() } : { outcomes }
  }

  #write({ key, version, id, state, reminders }: ActorCommit): CommitOutcome {
    const kept = this.#disk.get(key)
    if (kept?.commit === id) return 'kept'
    if (version !== (kept?.version ?? 0) + 1) return 'fenced'
    const all = kept?.reminders ?? new Map<string, Reminder>()
    this.#disk.set(key, { version, state, commit: id, reminders: all })
    for (const { id: name, reminder } of reminders) {
      if (reminder === undefined) all.delete(name)
      else all.set(name, reminder)
    }
    return 'kept'
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
