import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startSystem } from '@zera/actors'
import { expect, test } from 'vitest'
import spinner from '../fixtures/spinner.js'

/** Gives a program a terminal. Debian has it as bsdutils. */
const SCRIPT = '/usr/bin/script'
const COMMAND = fileURLToPath(new URL('./main.js', import.meta.url))

test.skipIf(!existsSync(SCRIPT))(
  'zera top draws on a screen of its own, sorts by keys, and leaves the terminal as it was',
  { timeout: 60_000 },
  async () => {
    await using system = await startSystem({ threads: 1, name: 'shop', observer: true, handleSignals: false })
    const ref = await system.spawn(spinner)
    await ref.ask.ready()
    await system.observe()
    const child = spawn(
      SCRIPT,
      ['-qec', `stty cols 70 rows 20; "${process.execPath}" "${COMMAND}" top ${process.pid}`, '/dev/null'],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    let shown = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text))
    const ended = new Promise<number | null>(resolve => child.once('close', resolve))
    const seen = (text: string) => expect.poll(() => shown, { timeout: 30_000 }).toContain(text)

    await seen('Spinner.ready()')
    await seen('by load')
    child.stdin.write('r')
    await seen('by rate')
    child.stdin.write('q')

    expect(await ended).toBe(0)
    const [, entered = '', left] = shown.split('\u001b[?1049')
    expect([entered[0], left?.trimEnd()]).toEqual(['h', 'l'])
    // Each line fits into the terminal.
    const screens = shown.split('\u001b[H\u001b[J').slice(1)
    for (const line of screens.flatMap(screen => screen.split('\u001b')[0]?.split('\r\n') ?? []))
      expect(line.length).toBeLessThanOrEqual(70)
  },
)
