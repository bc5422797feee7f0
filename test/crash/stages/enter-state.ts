import type { Beginning } from '../actors/sender.js'
import type { Truth } from '../records/truth.js'
import type { StateName } from '../rows/states.js'
import { PATIENCE_MS, until } from '../until.js'
import type { Stage } from './stage.js'

/** Messages of each sender that wait behind a busy victim, or that it has had before it waits. */
const SOME = 20

/** Brings the victim into a state. While it exchanges messages, main can be left out. */
export async function enterState(
  state: StateName,
  truth: Truth,
  { senders, sinks }: Stage,
  pumps: 'both' | 'host-alone' = 'both',
): Promise<void> {
  const [mainSender, hostSender] = senders
  const begin = async (method: Exclude<Beginning, 'lendOut' | 'readSink'>): Promise<void> => {
    mainSender?.tell.begin(method)
    await until(`the victim is in ${method}()`, () => truth.isBusy)
  }
  const sendSome = async (): Promise<unknown> =>
    Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).sendSome(SOME)))
  truth.hold()
  switch (state) {
    case 'idle':
      return
    case 'waiting':
      await sendSome()
      await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).settle()))
      return
    case 'exchanging':
      if (!truth.isPumping) {
        truth.pump(true)
        hostSender?.tell.pump()
        if (pumps === 'both') mainSender?.tell.pump()
      }
      await until(
        'senders have had answers',
        pumps === 'both' ? everyLaneIsAnswered(truth) : () => truth.lane('host-to-victim').answered > 0,
      )
      return
    case 'high-water':
      for (const sink of sinks) sink.tell.block()
      await begin('flood')
      await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).saturate()))
      return
    case 'in-handler':
      await begin('work')
      await sendSome()
      return
    case 'in-timer':
      await begin('startTimer')
      await sendSome()
      return
    case 'streaming': {
      const readers = pumps === 'both' ? senders : senders.filter(sender => sender !== mainSender)
      for (const sender of readers) {
        sender.tell.begin('readSink')
        sender.tell.readVictim()
      }
      await until('all streams flow', () => truth.readers >= 2 * readers.length)
      if (pumps === 'both') await sendSome()
      return
    }
    case 'stream-left':
      for (const sender of pumps === 'both' ? senders : senders.filter(other => other !== mainSender))
        await sender.ask({ timeoutMs: PATIENCE_MS }).leaveVictim()
      if (pumps === 'both') await sendSome()
      return
    case 'in-tree':
    case 'in-pool':
    case 'durable':
      await sendSome()
      return
    case 'giving-up':
      hostSender?.tell.giveUp()
      await until('the victim has begun', () => truth.isBusy)
      await sendSome()
      return
    case 'sub-open':
      await begin('openSub')
      await sendSome()
      return
    case 'req-waiting':
      await begin('openReq')
      await sendSome()
      return
    case 'router-full':
      await begin('openRouter')
      await sendSome()
      return
    case 'held':
      mainSender?.tell.begin('lendOut')
      // An answer may overtake the payloads that leave with it, the next one comes after them.
      for (let round = 0; round < 2; round++)
        await Promise.all(senders.map(sender => sender.ask({ timeoutMs: PATIENCE_MS }).settle()))
      await until(
        'the sinks hold what was sent',
        () => truth.lane('victim-to-main').handled > 0 && truth.lane('victim-to-host').handled > 0,
      )
  }
}

/** A condition that comes true when the victim has answered on both lanes since now. */
export function everyLaneIsAnswered(truth: Truth): () => boolean {
  const lanes = [truth.lane('main-to-victim'), truth.lane('host-to-victim')]
  const before = lanes.map(lane => lane.answered)
  return () => lanes.every((lane, index) => lane.answered > (before[index] as number))
}
