import { onAbort, type Clock, waitFor } from '@zera/core/internal'
import type { Messenger } from '../messaging/messenger.js'
import type { Parent } from '../messaging/services/system-service.js'
import type { ActorDefinition } from '../model/actor-definition.js'
import { expectDefinition } from '../model/definition.js'
import type { WaitOptions } from '../model/protocol.js'
import { BoundRef, type RefHost } from '../model/refs/bound-ref.js'
import type { ActorRef, RefData } from '../model/refs/ref.js'
import { expectSpawnOptions, spawnOf, type SpawnOptions } from '../model/supervision/child-spec.js'
import { beforeOnStopMs } from '../model/supervision/stop-deadlines.js'
import { settledBefore, type Deadline } from '../model/time/deadline.js'

/** What the children of an actor need from its host. */
export interface OwnChildrenHost {
  readonly clock: Clock
  readonly messenger: RefHost & Pick<Messenger, 'system'>
}

/** The children of one actor, seen from there: the main thread supervises them, wherever they live. */
export class OwnChildren {
  readonly #host: OwnChildrenHost
  readonly #id: number
  readonly #definition: ActorDefinition<object>
  /** Whether the instance has wanted children. */
  #areWanted = false
  /** The number of the last spawn that may be given up. */
  #lastSpawn = 0
  /** The number of the instance that children belong to. */
  instance = 0

  /** @param id The parent's. */
  constructor(host: OwnChildrenHost, id: number, definition: ActorDefinition<object>) {
    this.#host = host
    this.#id = id
    this.#definition = definition
  }

  /** Starts a child; see `ActorContext.spawn`. */
  async spawn<A extends object>(
    definition: ActorDefinition<A>,
    options: SpawnOptions<A> & WaitOptions,
  ): Promise<ActorRef<A>> {
    expectDefinition('start an actor', definition)
    expectSpawnOptions(definition, options)
    this.#areWanted = true
    const { clock, messenger } = this.#host
    const { tell } = messenger.system
    const { signal, timeoutMs, ...spec } = options
    const { url, name } = definition
    const parent = this.#parent
    const late = ({ id }: RefData): void => tell.stopSpawned(id)
    const wait = { action: spawnOf(definition, spec), leaves: 'nothing', late } as const
    const data = await waitFor<RefData>(clock, wait, { signal, timeoutMs }, givenUp => {
      const number = givenUp && ++this.#lastSpawn
      if (number !== undefined) onAbort(givenUp, () => tell.giveUpSpawn(parent.id, number))
      // It waits for the answer all the same: the answer may be under way already, and then it says which actor to stop.
      return messenger.system.spawn({
        by: parent,
        children: this.#definition.children,
        number,
        url,
        definition: name,
        options: spec,
      })
    })
    return new BoundRef(messenger, data)
  }

  /** Stops one of them, or a descendant further down. */
  stop(child: ActorRef<object>, options: WaitOptions): Promise<void> {
    const { clock, messenger } = this.#host
    const wait = { action: `stop ${child.toString()}`, leaves: 'work' } as const
    return waitFor(clock, wait, options, () => messenger.system.stopChild(this.#id, child.address))
  }

  /**
   * Ends them all, for their parent's instance ends; undefined when there are none. If they take too long, or the main
   * thread does not answer, their end still goes on there.
   *
   * @param first What to wait for first.
   */
  end(reason: string, deadline: Deadline, first: Promise<unknown> | undefined): Promise<unknown> | undefined {
    if (!this.#areWanted) return undefined
    this.#areWanted = false
    return this.#end(this.#parent, reason, deadline, first)
  }

  get #parent(): Parent {
    return { id: this.#id, instance: this.instance }
  }

  async #end(parent: Parent, reason: string, deadline: Deadline, first: Promise<unknown> | undefined): Promise<void> {
    await first
    const ended = this.#host.messenger.system.endChildren(parent, reason, beforeOnStopMs(deadline.leftMs()))
    await settledBefore(
      deadline,
      ended.catch(() => undefined),
    )
  }
}
