import { toError } from '../../base/errors/thrown.js'
import { setImmediate } from '../../base/runtime/real-timers.js'
import { runThread } from './linked-self.js'

// The first module of every thread that Zera starts. It has no top-level await: V8 ends the process when a thread is
// terminated at the moment at which it begins to evaluate such a module. What it throws is an uncaught error of the
// thread. The starter learns of it, whatever the process does with rejections.
runThread().catch((thrown: unknown) => {
  const error = toError(thrown)
  setImmediate(() => {
    throw error
  })
})
