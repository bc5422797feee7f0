import { Poller, signalSource, type ReceivingSocket, type SendingSocket } from '@zera/core'

type Side = SendingSocket & ReceivingSocket

/** Hands messages from each side to the other, frame by frame as they are, until the signal aborts. */
export async function forward(frontend: Side, backend: Side, signal: AbortSignal): Promise<void> {
  const poller = new Poller().add(frontend).add(backend).add(signalSource(signal))

  for await (const source of poller) {
    if (source === frontend) await backend.send(await frontend.receive())
    else if (source === backend) await frontend.send(await backend.receive())
    else return
  }
}
