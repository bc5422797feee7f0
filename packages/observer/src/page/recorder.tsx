import { useState } from 'preact/hooks'
import { FlameGraph, type Recorded } from './flame-graph.js'
import { flamesOf, heapFlamesOf, type HeapProfile, type Profile } from './flames.js'
import { load } from './live.js'

interface RecorderProps {
  readonly host: number
  /** Whose time and memory it is. */
  readonly name: string
  /** Functions whose share alone is of interest. */
  readonly within?: readonly string[]
}

/** Records where the time and the memory of a thread go, when a person wants it. */
export function Recorder({ host, name, within }: RecorderProps) {
  const [recorded, setRecorded] = useState<Recorded>()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  const record = (take: () => Promise<Recorded>): void => {
    setBusy(true)
    setProblem(undefined)
    take()
      .then(setRecorded, (error: unknown) => setProblem((error as Error).message))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <section>
        <button type="button" disabled={isBusy} onClick={() => record(() => recordTime(host, 1000, within))}>
          {isBusy ? 'Recording …' : 'Record a second'}
        </button>{' '}
        <button type="button" disabled={isBusy} onClick={() => record(() => recordTime(host, 10_000, within))}>
          ten seconds
        </button>{' '}
        <button type="button" disabled={isBusy} onClick={() => record(() => recordMemory(host, 5000, within))}>
          memory, five seconds
        </button>
        {problem !== undefined && <p class="problem">{problem}</p>}
      </section>
      {recorded !== undefined && <FlameGraph recorded={recorded} name={name} />}
    </>
  )
}

async function recordTime(host: number, ms: number, within?: readonly string[]): Promise<Recorded> {
  const profile = await load<Profile>(`/api/profile?host=${host}&ms=${ms}`)
  return { title: 'the time', flames: flamesOf(profile, within), profile, extension: 'cpuprofile' }
}

async function recordMemory(host: number, ms: number, within?: readonly string[]): Promise<Recorded> {
  const profile = await load<HeapProfile>(`/api/heap?host=${host}&ms=${ms}`)
  return { title: 'the new memory', flames: heapFlamesOf(profile, within), profile, extension: 'heapprofile' }
}
