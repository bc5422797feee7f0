/** Where a device is bound, as its process tells. */
export interface Places {
  readonly frontend: string
  readonly backend: string
}

/** The types of a device's sockets. */
export const DEVICES = {
  queue: ['ROUTER', 'DEALER'],
  streamer: ['PULL', 'PUSH'],
  forwarder: ['XSUB', 'XPUB'],
} as const
export type DeviceName = keyof typeof DEVICES

export const ANY = 'tcp://127.0.0.1:*'
