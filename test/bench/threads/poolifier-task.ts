import { ThreadWorker } from 'poolifier'
import type { Task } from '../peers/peer.js'
import { doTask } from './task.js'

export default new ThreadWorker<Task, number>(task => doTask(task as Task))
