import { bundlers } from './bundlers.js'
import { create } from './create.js'
import { managers } from './managers.js'
import type { Matrix } from './matrix.js'
import { runners } from './runners.js'
import { runtimes } from './runtimes.js'
import { servers } from './servers.js'
import { starts } from './starts.js'

/** All matrices, in the order of their tables. */
export const MATRICES: readonly Matrix[] = [starts, create, runners, bundlers, servers, runtimes, managers]
