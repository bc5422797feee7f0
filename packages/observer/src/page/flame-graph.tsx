import { useEffect, useRef, useState } from 'preact/hooks'
import type { Flame } from './flames.js'

const ROW = 20
/** Boxes narrower than this many pixels have no name. */
const NAMED = 24

/** What was recorded, as boxes and as what other tools read. */
export interface Recorded {
  readonly title: string
  readonly flames: readonly Flame[]
  readonly profile: object
  readonly extension: 'cpuprofile' | 'heapprofile'
}

/** Who called whom, as boxes that are as wide as what they took. */
export function FlameGraph({ recorded, name }: { recorded: Recorded; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [seen, setSeen] = useState<Flame>()
  const { title, flames, profile, extension } = recorded
  const height = (Math.max(0, ...flames.map(({ depth }) => depth)) + 1) * ROW
  useEffect(() => {
    if (canvas.current !== null) draw(canvas.current, flames, height)
  }, [recorded])
  const flameAt = (event: MouseEvent): Flame | undefined => {
    const { left, top, width } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const [x, depth] = [(event.clientX - left) / width, Math.floor((event.clientY - top) / ROW)]
    return flames.find(flame => flame.depth === depth && flame.left <= x && x < flame.left + flame.width)
  }
  const hottest = flames.toSorted((a, b) => b.own - a.own)[0]
  return (
    <section>
      <h2>
        Where {title} of {name} goes
      </h2>
      {flames.length === 0 ? (
        <p>There was nothing.</p>
      ) : (
        <canvas
          ref={canvas}
          height={height}
          role="img"
          aria-label={`Flame graph of ${name}; most of it in ${hottest?.name ?? ''}`}
          onMouseMove={event => setSeen(flameAt(event))}
        />
      )}
      <p class="quiet">
        {seen === undefined ? 'Point at a box.' : `${seen.name} ${seen.place}, ${(seen.width * 100).toFixed(1)} %`}
      </p>
      <a
        href={`data:application/json,${encodeURIComponent(JSON.stringify(profile))}`}
        download={`${name.replaceAll('/', '-')}.${extension}`}
      >
        Download as .{extension}
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
