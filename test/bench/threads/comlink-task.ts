import { parentPort, type MessagePort } from 'node:worker_threads'
import { expose } from 'comlink'
import { nodeEndpoint } from '../peers/comlink-endpoint.js'
import { doTask } from './task.js'

expose({ doTask, echo: (number: number) => number }, nodeEndpoint(parentPort as MessagePort))
