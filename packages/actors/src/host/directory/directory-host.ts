import type { Messenger } from '../../messaging/messenger.js'
import type { Enrolment } from '../../messaging/services/system-service.js'
import type { Publications } from './publications.js'
import type { Roster } from './roster.js'

/** What finding others needs of a host. */
export interface DirectoryHost {
  readonly number: number
  readonly messenger: Messenger
  readonly roster: Roster
  readonly publications: Publications
  /** Has the main thread tell every host. */
  enrol(enrolment: Enrolment): Promise<void>
}
