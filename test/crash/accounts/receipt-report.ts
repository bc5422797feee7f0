import type { SystemReceipt } from '@zera/actors'

export type ReceiptReport = Pick<SystemReceipt, 'isClean' | 'restarts' | 'deadLetters' | 'messagesLost' | 'left'> & {
  readonly threads: number
}

/** The part of a receipt that is judged. */
export function reportReceipt({
  isClean,
  restarts,
  deadLetters,
  messagesLost,
  left,
  threads,
}: SystemReceipt): ReceiptReport {
  return { isClean, restarts, deadLetters, messagesLost, left, threads: threads.length }
}
