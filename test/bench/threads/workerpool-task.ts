import workerpool from 'workerpool'
import { doTask } from './task.js'

workerpool.worker({ doTask })
