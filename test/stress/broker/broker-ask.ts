import { BrokerReplyError, BrokerTimeoutError, type BrokerClient } from '@zera/devices'

/** What came of one request. */
export type Outcome = 'reply' | 'error' | 'wrong' | 'silence'

/** Asks the echo for one text. */
export async function askOnce(client: BrokerClient, text: string): Promise<Outcome> {
  try {
    const reply = await client.request('echo', [text])
    return reply.length === 1 && String(reply[0]) === text ? 'reply' : 'wrong'
  } catch (error) {
    if (error instanceof BrokerReplyError) return 'error'
    if (error instanceof BrokerTimeoutError) return 'silence'
    throw error
  }
}
