import { expect, test } from 'vitest'
import fragile, { redelivered, type Fragile } from '../fixtures/actors/failing/fragile.js'
import { notesIn } from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { startSystem, type ActorRef, type System } from '../index.js'

expectNoLeaksAfterEach()
expectTmpdirLeftEmpty()

const SECONDS = 5
const SIGNALS = ['SIGSEGV', 'SIGABRT', 'SIGKILL'] as const

test('a pool of processes of which one crashes each second under load loses no message, and no other actor notices', async () => {
  const notes = `${process.env['TMPDIR']}.notes`
  await using system = await startSystem({ threads: 1, spareProcesses: 2, handleSignals: false, startMs: 60_000 })
  const pool = await system.startPool(redelivered, {
    size: 3,
    placement: 'own-process',
    maxRestarts: Infinity,
    maxRssMb: 2000,
  })
  const neighbour = await system.spawn(fragile)
  const until = performance.now() + SECONDS * 1000
  const isOn = (): boolean => performance.now() < until
  const pids = new Set<number>()
  let restarts = 0
  system.events.on('actor-restarted', () => (restarts += 1))

  const [told, asked, slowestMs, crashes] = await Promise.all([
    tell(pool, notes, isOn),
    ask(pool, isOn),
    askNeighbour(neighbour, isOn),
    crash(system, pids, isOn),
  ])
  await eventually(() => expect(new Set(notesIn(notes)).size).toBe(told))
  // An actor that is not back when the system stops does not come back.
  await eventually(() => expect(restarts).toBe(crashes))

  expect(crashes).toBeGreaterThanOrEqual(SECONDS - 2)
  expect(asked.wrong).toEqual([])
  expect(asked.right).toBeGreaterThan(0)
  expect(slowestMs).toBeLessThan(3000)
  const receipt = await system.stop()
  expect(receipt).toMatchObject({
    deadLetters: 0,
    left: { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 },
  })
  expect(receipt.stopped.filter(({ outcome }) => outcome !== 'drained')).toEqual([])
  expect(receipt.isClean).toBe(true)
  expect(receipt.restarts).toBe(crashes)
  await eventually(() => expect([...pids].filter(isAlive)).toEqual([]))
})

/** Tells numbers as fast as they are taken. Returns how many. */
async function tell(pool: ActorRef<Fragile>, notes: string, isOn: () => boolean): Promise<number> {
  let told = 0
  while (isOn()) {
    for (let batch = 0; batch < 20; batch++) pool.tell.note(notes, ++told)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return told
}

/** Asks one question after the other; each is answered rightly, or rejected by the end of its process. */
async function ask(pool: ActorRef<Fragile>, isOn: () => boolean): Promise<{ right: number; wrong: unknown[] }> {
  const outcome = { right: 0, wrong: [] as unknown[] }
  for (let number = 0; isOn(); number++) {
    const answer = await pool
      .ask({ timeoutMs: 60_000 })
      .echo(number)
      .catch((error: unknown) => error)
    if (answer === number) outcome.right += 1
    else if (!(answer instanceof Error) || answer.name !== 'ActorDownError') outcome.wrong.push(answer)
  }
  return outcome
}

/** Returns the milliseconds of the slowest answer. */
async function askNeighbour(neighbour: ActorRef<Fragile>, isOn: () => boolean): Promise<number> {
  let slowestMs = 0
  while (isOn()) {
    const askedAt = performance.now()
    expect(await neighbour.ask({ timeoutMs: 60_000 }).pid()).toBe(process.pid)
    slowestMs = Math.max(slowestMs, performance.now() - askedAt)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  return slowestMs
}

/** Crashes one process each second. Returns how many. */
async function crash(system: System, pids: Set<number>, isOn: () => boolean): Promise<number> {
  let crashes = 0
  while (isOn()) {
    await new Promise(resolve => setTimeout(resolve, 1000))
    const { hosts } = await system.snapshot()
    const running = hosts.flatMap(host => host.process?.pid ?? [])
    for (const pid of running) pids.add(pid)
    const victim = running[Math.floor(Math.random() * running.length)]
    if (victim === undefined || !isAlive(victim)) continue
    process.kill(victim, SIGNALS[crashes % SIGNALS.length])
    crashes += 1
  }
  return crashes
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
