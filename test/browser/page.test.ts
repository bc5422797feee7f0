import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriersIn, coloursIn, hasBrowser, openPage, startBrowser, type Looks } from './browser.js'
import { openScene, type Scene } from './scene.js'

const LOOKS: readonly Looks[] = [
  { scheme: 'light', width: 1280 },
  { scheme: 'dark', width: 1280 },
  { scheme: 'light', width: 390 },
  { scheme: 'dark', width: 390 },
]

/** Each screen, and what is to be read on it. */
const SCREENS: readonly (readonly [screen: string, ...texts: readonly RegExp[]])[] = [
  ['overview', /messages handled/, /These wait for each other/, /shop\/1/, /tills/, /Resize/],
  ['actors', /Ann/, /Clerk on thread \d/, /restarts/],
  ['top', /Clerk\.sell\(\)/, /Clerk\.fail\(\)/, /run p99/],
  ['waits', /These wait for each other/, /answer\(\) of Bob/, /sell\(\) of Ann/],
  ['links', /sent and not handled yet/, /main/, /shop\/2/],
  ['traces', /Clerk\.relay\(\)/, /3 messages/, /Clerk #\d+ sell\(\)/, /shop\/\d/],
  ['letters', /fail\('no change left'\) of Cleo/, /handler-threw/, /Send again/],
  ['history', /Thread \d\.1 went down: killed/, /black box/, /RangeError: no change left/],
]

describe.skipIf(!hasBrowser)('The page', () => {
  let browser: Browser
  let scene: Scene
  beforeAll(async () => {
    browser = await startBrowser()
    scene = await openScene()
  })
  afterAll(async () => {
    await scene[Symbol.asyncDispose]()
    await browser.close()
  })

  test.each(SCREENS)('shows %s in all looks, to everybody, without a complaint', async (screen, ...texts) => {
    for (const looks of LOOKS) {
      await using open = await openPage(browser, scene.url, looks)
      const { page, complaints } = open
      await page.getByRole('link', { name: screen, exact: true }).click()
      const main = page.getByRole('main')

      for (const text of texts) await expect.poll(() => main.innerText(), { timeout: 20_000 }).toMatch(text)
      expect(await barriersIn(page)).toEqual([])
      // What is too wide for a phone is scrolled in its own box.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(looks.width)
      expect(complaints).toEqual([])
    }
  })

  test('shows one actor: what it does, how long its messages take, and what it did last', async () => {
    for (const looks of LOOKS) {
      await using open = await openPage(browser, scene.url, looks)
      const { page, complaints } = open
      await page.getByRole('link', { name: 'actors', exact: true }).click()
      await page.getByRole('link', { name: 'Cleo', exact: true }).click()
      const main = page.getByRole('main')

      for (const text of [/Clerk on shop\/\d/, /Clerk\.sell\(\)/, /begin ask sell\(\)/])
        await expect.poll(() => main.innerText(), { timeout: 20_000 }).toMatch(text)
      expect(await page.getByRole('img', { name: /handled \d+ times/ }).count()).toBeGreaterThan(0)
      expect(await barriersIn(page)).toEqual([])
      expect(complaints).toEqual([])
    }
  })

  test('draws where the time of a thread goes', async () => {
    for (const looks of LOOKS) {
      await using open = await openPage(browser, scene.url, looks)
      const { page, complaints } = open
      await page
        .getByRole('link', { name: `shop/${scene.clerk.address.host}`, exact: true })
        .first()
        .click()
      await page.getByRole('button', { name: 'Record a second' }).click()
      scene.clerk.tell.count(1500)
      const graph = page.getByRole('img', { name: /Flame graph/ })
      await graph.waitFor({ timeout: 20_000 })

      expect(await graph.getAttribute('aria-label')).toMatch(/most of it in (countSomething|count)$/)
      expect(await coloursIn(page, 'canvas')).toBeGreaterThan(3)
      expect(await barriersIn(page)).toEqual([])
      expect(complaints).toEqual([])
    }
  })

  test('draws where the time of one actor goes', async () => {
    await using open = await openPage(browser, scene.url, LOOKS[0] as Looks)
    const { page } = open
    await page.getByRole('link', { name: 'actors', exact: true }).click()
    await page.getByRole('link', { name: 'Cleo', exact: true }).click()
    await page.getByRole('button', { name: 'Record a second' }).click()
    scene.clerk.tell.count(1500)
    const graph = page.getByRole('img', { name: /Flame graph of Cleo/ })
    await graph.waitFor({ timeout: 20_000 })

    // Its own functions alone, so that they are as wide as the graph.
    await graph.hover({ position: { x: 10, y: 10 } })
    await expect.poll(() => page.getByRole('main').innerText()).toMatch(/count .*cast\.js:\d+, 100\.0 %/)
  })

  test('acts when a person confirms it, and says what was done', async () => {
    await using open = await openPage(browser, scene.url, LOOKS[0] as Looks)
    const { page } = open
    const asked: string[] = []
    const answers = [false, true]
    page.on('dialog', dialog => {
      asked.push(dialog.message())
      void (answers.shift() === true ? dialog.accept() : dialog.dismiss())
    })
    await page.getByRole('link', { name: 'actors', exact: true }).click()
    await page.getByRole('link', { name: 'Cleo', exact: true }).click()
    const restarts = async (): Promise<number> => (await scene.system.snapshot()).restarts
    const before = await restarts()

    await page.getByRole('button', { name: 'Restart' }).click()
    await page.getByRole('button', { name: 'Restart' }).click()

    await expect
      .poll(() => page.getByRole('status').allInnerTexts())
      .toContainEqual(expect.stringContaining('restarts'))
    await expect.poll(restarts).toBe(before + 1)
    expect(asked).toEqual(['Restart Cleo?', 'Restart Cleo?'])
  })

  test('goes by keyboard, and back by the browser', async () => {
    await using open = await openPage(browser, scene.url, LOOKS[0] as Looks)
    const { page } = open
    await page.getByRole('link', { name: 'top', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('main').innerText()).toMatch(/run p99/)

    await page.goBack()

    await expect.poll(() => page.getByRole('main').innerText()).toMatch(/messages handled/)
    expect(await page.evaluate('location.search')).toBe('')
  })
})
