import { isMainThread } from 'node:worker_threads'
import { program } from './program.js'

// The threads import this file, too, and must not start the program again. It must not use top-level await.
if (isMainThread) void program()
