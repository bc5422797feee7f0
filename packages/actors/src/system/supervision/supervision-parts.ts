import type { Clock } from '@zera/core/internal'
import type { EventSource } from '../../model/events/events.js'
import type { Random } from '../../model/time/random.js'
import type { StopLimit } from '../../model/time/stop-limit.js'
import type { Guardians } from '../hosts/guardians.js'
import type { Hosts } from '../hosts/hosts.js'
import type { Watches } from '../watches/watches.js'
import type { Actors, Addressed } from './actors.js'
import type { Families, Family } from './families.js'
import type { Lateness } from './lateness.js'
import type { Names } from './names.js'

/** What all supervisors of a system share, but for whose children they have. */
export interface SupervisionParts {
  readonly hosts: Hosts
  readonly guardians: Guardians
  readonly actors: Actors<Addressed>
  readonly families: Families<Family>
  /** The id of the actor whose children these supervisors have; undefined of those that stand by themselves. */
  readonly parent: number | undefined
  readonly names: Names
  readonly events: EventSource
  readonly clock: Clock
  readonly random: Random
  readonly watches: Watches
  readonly lateness: Lateness
  /** That of the stop of the system. */
  readonly limit: StopLimit
  /** A number that no other actor has. */
  nextId(): number
  /** Counts a restart. */
  restarted(): void
}
