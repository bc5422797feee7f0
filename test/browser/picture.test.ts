import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hasBrowser, openPage, startBrowser } from './browser.js'
import { pictureOf } from './picture.js'
import { openScene } from './scene.js'

const ROOT = new URL('../../../', import.meta.url)
const PICTURE = fileURLToPath(new URL('docs/observer.svg', ROOT))

test.skipIf(!hasBrowser)(
  'the picture in the README is of this page; UPDATE_PICTURE=1 draws it anew',
  { timeout: 120_000 },
  async () => {
    await using scene = await openScene()
    await using browser = await startBrowser()
    await using open = await openPage(browser, scene.url, { scheme: 'light', width: 1280 })
    const { page } = open
    const work = setInterval(() => {
      for (let n = 0; n < 200; n++) scene.clerk.tell.sell(n)
    }, 20)
    // Enough for a line, and the deadlock is found by then.
    await expect
      .poll(() => page.getByRole('main').innerText(), { timeout: 60_000 })
      .toMatch(/These wait for each other/)
    if (process.env['UPDATE_PICTURE'] === '1') await page.waitForTimeout(20_000)
    const picture = await pictureOf(page)
    clearInterval(work)
    if (process.env['UPDATE_PICTURE'] === '1') await writeFile(PICTURE, picture)

    const [drawn, now] = [headingsIn(await readFile(PICTURE, 'utf8')), headingsIn(picture)]
    expect(now.length).toBeGreaterThan(20)
    expect(drawn).toEqual(now)
    expect(await readFile(new URL('README.md', ROOT), 'utf8')).toContain('](docs/observer.svg)')
  },
)

/** The words of navigation, figures, headings and heads of tables, which stay the same from one run to the next. */
function headingsIn(picture: string): readonly string[] {
  const words = new Set(Array.from(picture.matchAll(/<text [^>]*>([^<]*)<\/text>/g), ([, word]) => word))
  return STABLE.filter(word => words.has(word))
}

const STABLE =
  'shop overview actors top waits links traces letters history messages second handled handlers that threw restarts dead letters lost Findings Messages Threads thread condition load cores heap delay p99 runs main shop/1 shop/2 Pools pool workers busy waiting size tills Resize Stop'.split(
    ' ',
  )
