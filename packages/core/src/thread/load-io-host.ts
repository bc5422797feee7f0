import { inRootContext } from '../base/runtime/root-context.js'
import { expectDescriptors, MODULE_DESCRIPTORS, THREAD_DESCRIPTORS } from '../words/descriptors.js'

type IoHost = typeof import('./starter/io-host.js')

let loading: Promise<IoHost> | undefined

/**
 * The I/O thread is a thread too, so its module is loaded when it is first wanted.
 *
 * @throws {DescriptorLimitError} When
 * there are too few descriptors for it.
 */
export function loadIoHost(): Promise<IoHost> {
  loading ??= inRootContext(load).catch((error: unknown) => {
    loading = undefined
    throw error
  })
  return loading
}

async function load(): Promise<IoHost> {
  expectDescriptors('start the I/O thread', THREAD_DESCRIPTORS + MODULE_DESCRIPTORS)
  return import('./starter/io-host.js')
}
