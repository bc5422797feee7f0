/**
 * The way of a tell to another thread, file by file: from `ref.tell` down to the socket, and from there up to the
 * handler.
 */
export const WAY_OF_A_TELL = [
  'actors/model/refs/bound-ref.ts',
  'actors/messaging/messenger.ts',
  'actors/model/actor-context.ts',
  'actors/messaging/tracing/trace-context.ts',
  'actors/messaging/connection.ts',
  'actors/messaging/rows/row-writer.ts',
  'actors/messaging/rows/message-shape.ts',
  'core/link/outbox.ts',
  'core/link/lane.ts',
  'core/link/batches/row-batch.ts',
  'core/link/batches/batch.ts',
  'core/base/collections/fifo-queue.ts',
  'core/link/ledger.ts',
  'core/link/reactor/reactor.ts',
  'core/link/link.ts',
  'core/native/pair-socket.ts',
  'core/words/kill-gate.ts',
  'core/link/inbox.ts',
  'actors/messaging/envelope.ts',
  'actors/messaging/recipients.ts',
  'actors/actor/message-loop.ts',
  'actors/actor/mailbox.ts',
  'actors/actor/scheduler.ts',
  'actors/actor/dispatcher.ts',
  'actors/actor/black-box/black-box.ts',
] as const

/**
 * What the threads do meanwhile for all messages at once: they go round their links, look at the time and the heap,
 * sleep and wake, count and measure what they handle, and look whether anybody waits for an answer.
 */
export const AROUND_THE_WAY = [
  'actors/messaging/output-gate.ts',
  'actors/messaging/times/host-times.ts',
  'actors/messaging/times/message-timer.ts',
  'actors/model/times/histogram.ts',
  'actors/model/times/times-layout.ts',
  'actors/actor/black-box/vitals.ts',
  'actors/host/host.ts',
  'actors/model/events/layout.ts',
  'actors/model/time/thenable.ts',
  'core/base/collections/slot-map.ts',
  'core/base/owning/owner.ts',
  'core/base/runtime/real-timers.ts',
  'core/base/runtime/root-context.ts',
  'core/base/values/streamed.ts',
  'core/base/values/waiters.ts',
  'core/link/reactor/after-microtasks.ts',
  'core/link/reactor/outgoing.ts',
  'core/link/reactor/round.ts',
  'core/link/reactor/spin-policy.ts',
  'core/link/signal.ts',
  'core/words/bell.ts',
  'core/words/heap-guard.ts',
  'core/words/thread-count.ts',
] as const
