import { useEffect, useState } from 'preact/hooks'
import type { SystemState } from '../model/state.js'

/** The system as it was last heard of, and whether more is to come. */
export interface Live {
  readonly state: SystemState | undefined
  readonly isConnected: boolean
}

/** Listens to the system. The browser connects again by itself. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ state: undefined, isConnected: false })
  useEffect(() => {
    const source = new EventSource('/api/live')
    source.addEventListener('state', ({ data }: MessageEvent<string>) =>
      setLive({ state: JSON.parse(data) as SystemState, isConnected: true }),
    )
    source.addEventListener('error', () => setLive(({ state }) => ({ state, isConnected: false })))
    return () => source.close()
  }, [])
  return live
}

/** Asks for something once. Rejects with what the server says. */
export function load<T>(path: string): Promise<T> {
  return answerOf(fetch(path))
}

/** Has something done. Rejects with what the server says. */
export function post<T>(path: string, what: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  return answerOf(fetch(path, { method: 'POST', headers, body: JSON.stringify(what) }))
}

async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  const response = await asked
  const body = (await response.json()) as T & { error?: string }
  if (!response.ok) throw new Error(body.error ?? response.statusText)
  return body
}
