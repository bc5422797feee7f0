import type { AttachedThread } from '../attached-thread.js'

/** The argument of a detached module's function: the same in a thread and in a process. */
export type DetachedSelf = Pick<AttachedThread, 'name' | 'data' | 'ready' | 'stopping'>

/** The same in a process that `startProcess` started, which may tell its starter something when it is ready. */
export interface ProcessSelf extends DetachedSelf {
  ready(told?: string): void
}
