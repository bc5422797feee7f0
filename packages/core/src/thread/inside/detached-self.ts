import type { AttachedThread } from '../attached-thread.js'

/** The argument of a detached module's function: the same in a thread and in a process. */
export type DetachedSelf = Pick<AttachedThread, 'name' | 'data' | 'ready' | 'stopping'>
