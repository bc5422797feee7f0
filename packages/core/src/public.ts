// What users import. Its code opens things, so from here on this thread knows whose code runs. Actors' own modules import `index.ts`, so that a thread whose actors open nothing pays nothing for it.
import { followOwners } from './base/owning/owner.js'

followOwners()

export * from './index.js'
