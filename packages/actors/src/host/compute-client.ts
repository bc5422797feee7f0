import { atCaller, whenAborted, type Clock } from '@zera/core/internal'
import { serviceAt, type ServiceCarrier, type ServiceClient } from '../messaging/services/service-client.js'
import type { JobService } from '../messaging/services/system-service.js'
import { COMPUTE } from '../model/address.js'
import { expectComputeOptions, expectTransfer, type ComputeOptions } from '../model/jobs/compute-options.js'
import { type JobKey, jobSource, type Job, type JobInput } from '../model/jobs/job.js'
import { isOfCore } from '../model/refused-message.js'

/** How one host computes: through the service in the main thread that takes its jobs. */
export class ComputeClient {
  readonly #host: number
  readonly #jobs: ServiceClient<JobService>
  readonly #clock: Clock
  #last = 0

  constructor(host: number, messenger: ServiceCarrier, clock: Clock) {
    this.#host = host
    this.#jobs = serviceAt<JobService>(messenger, COMPUTE)
    this.#clock = clock
  }

  /** @see System.compute */
  async run<A extends readonly unknown[], R>(job: Job<A, R>, ...input: JobInput<A>): Promise<Awaited<R>> {
    const [args, given = {}] = input as [args?: A, options?: ComputeOptions]
    expectComputeOptions(given)
    if (args !== undefined && !Array.isArray(args))
      throw new TypeError('Cannot compute: the arguments must be an array; pass [argument], or nothing for none')
    const { signal, ...options } = given
    const source = jobSource(job)
    if (options.transfer !== undefined) expectTransfer(options.transfer)
    signal?.throwIfAborted()
    this.#last += 1
    const key: JobKey = [this.#host, this.#last]
    const over = this.#jobs.run(key, source, args ?? [], options)
    if (this.#host !== COMPUTE.host && options.transfer !== undefined) empty(options.transfer)
    // The job is over when that service says so: an abort is only a request until its thread has ended.
    const forget = whenAborted(this.#clock, signal, () => this.#jobs.tell.abort(key))
    try {
      return (await over) as Awaited<R>
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason
      // It was not sent. What the job threw has the stack of the job.
      // oxlint-disable-next-line typescript/unbound-method -- It is not called.
      throw isOfCore(error) ? atCaller(error, ComputeClient.prototype.run) : error
    } finally {
      forget()
    }
  }
}

/** Between hosts, binaries are copied; those to be moved are still gone from the sender. */
function empty(transfer: NonNullable<ComputeOptions['transfer']>): void {
  structuredClone(undefined, { transfer: [...transfer] as ArrayBuffer[] })
}
