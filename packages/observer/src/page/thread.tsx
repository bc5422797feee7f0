import { useEffect, useRef, useState } from 'preact/hooks'
import type { SystemState } from '../model/state.js'
import { flamesOf, type Flame, type Profile } from './flames.js'
import { duration } from './format.js'
import { load } from './live.js'

const ROW = 20
/** Boxes narrower than this many pixels have no name. */
const NAMED = 24

/** One thread, and where its time goes. */
export function Thread({ state, host }: { state: SystemState; host: number }) {
  const thread = state.threads.find(one => one.host === host)
  const [profile, setProfile] = useState<Profile>()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  if (thread === undefined) return <section>There is no such thread any more.</section>
  const record = (ms: number): void => {
    setBusy(true)
    setProblem(undefined)
    load<Profile>(`/api/profile?host=${host}&ms=${ms}`)
      .then(setProfile, (error: unknown) => setProblem(String(error)))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <section>
        <h2>{thread.name}</h2>
        <p>
          {thread.running === undefined
            ? 'No handler has the thread.'
            : `${thread.running.method}() of ${thread.running.title} has it for ${duration(Math.max(0, state.atMs - thread.running.sinceMs))}.`}{' '}
          {thread.waiting.length > 0 &&
            `These wait: ${thread.waiting.map(({ method, title, sinceMs }) => `${method}() of ${title} for ${duration(state.atMs - sinceMs)}`).join(', ')}.`}
        </p>
        <button type="button" disabled={isBusy} onClick={() => record(1000)}>
          {isBusy ? 'Recording …' : 'Record a second'}
        </button>{' '}
        <button type="button" disabled={isBusy} onClick={() => record(10_000)}>
          ten seconds
        </button>
        {problem !== undefined && <p class="problem">{problem}</p>}
      </section>
      {profile !== undefined && <FlameGraph profile={profile} name={thread.name} />}
    </>
  )
}

function FlameGraph({ profile, name }: { profile: Profile; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [seen, setSeen] = useState<Flame>()
  const flames = flamesOf(profile)
  const height = (Math.max(0, ...flames.map(({ depth }) => depth)) + 1) * ROW
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, flames, height)
  }, [profile])
  const flameAt = (event: MouseEvent): Flame | undefined => {
    const { left, top, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const [x, depth] = [(event.clientX - left) / width, Math.floor((event.clientY - top) / ROW)]
    return flames.find(flame => flame.depth === depth && flame.left <= x && x < flame.left + flame.width)
  }
  const hottest = flames.toSorted((a, b) => b.depth - a.depth || b.width - a.width)[0]
  return (
    <section>
      <h2>Where the time of {name} goes</h2>
      {flames.length === 0 ? (
        <p>It did nothing.</p>
      ) : (
        <canvas
          ref={canvas}
          height={height}
          role="img"
          aria-label={`Flame graph of ${name}; deepest: ${hottest?.name ?? ''}`}
          onMouseMove={event => setSeen(flameAt(event))}
        />
      )}
      <p class="quiet">
        {seen === undefined ? 'Point at a box.' : `${seen.name} ${seen.place}, ${(seen.width * 100).toFixed(1)} %`}
      </p>
      <a
        href={`data:application/json,${encodeURIComponent(JSON.stringify(profile))}`}
        download={`${name.replaceAll('/', '-')}.cpuprofile`}
      >
        Download as .cpuprofile
      </a>
    </section>
  )
}

function draw(canvas: HTMLCanvasElement, flames: readonly Flame[], height: number): void {
  const width = canvas.clientWidth
  const scale = window.devicePixelRatio
  canvas.width = width * scale
  canvas.height = height * scale
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d')
  if (context === null) return
  context.scale(scale, scale)
  context.font = '12px system-ui, sans-serif'
  context.textBaseline = 'middle'
  for (const { name, depth, left, width: share } of flames) {
    const [x, y, w] = [left * width, depth * ROW, Math.max(0.5, share * width - 1)]
    context.fillStyle = `hsl(${hueOf(name)} 70% 72%)`
    context.fillRect(x, y, w, ROW - 1)
    if (w < NAMED) continue
    context.save()
    context.beginPath()
    context.rect(x, y, w, ROW)
    context.clip()
    context.fillStyle = '#1c1d20'
    context.fillText(name, x + 4, y + ROW / 2)
    context.restore()
  }
}

/** From yellow to red, the same for the same name. */
function hueOf(name: string): number {
  let hash = 0
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 997
  return 10 + (hash % 45)
}
