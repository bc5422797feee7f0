import type { LinkRefusal } from '../../../model/errors.js'
import { count, maybe, record, type Shape } from './shape.js'
import { problem } from './words.js'

/** Why there is no link. */
export const linkRefusal: Shape<LinkRefusal> = record<LinkRefusal>({ problem, open: maybe(count), limit: maybe(count) })
