import { expect, test } from 'vitest'
import fragile, { redelivered, type Fragile } from '../fixtures/actors/failing/fragile.js'
import { notesIn } from '../fixtures/actors/lodger.js'
import { eventually } from '../fixtures/eventually.js'
import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { expectTmpdirLeftEmpty } from '../fixtures/own-tmpdir.js'
import { startSystem, type ActorRef, type System } from '../index.js'

expectNoLeaksAfterEach()
expectTmpdirLeftEmpty()

const SIGNALS = ['SIGSEGV', 'SIGABRT', 'SIGKILL'] as const
/** How many processes crash at once, each time. */
const CRASHES = [1, 2, 1, 3, 1]
/** Answers of the pool from one restart to the next crash. */
const ANSWERS_BETWEEN = 200
/** Numbers that are told for each question. */
const BATCH = 5

/** What goes on until the last crash is over. */
interface Load {
  isOn: boolean
  told: number
  right: number
  readonly wrong: unknown[]
  slowestMs: number
}

test('a pool of processes that crash under load, some at once, loses no message, and no other actor notices', async () => {
  const notes = `${process.env['TMPDIR']}.notes`
  await using system = await startSystem({ threads: 1, spareProcesses: 2, handleSignals: false, startMs: 60_000 })
  const pool = await system.startPool(redelivered, {
    size: 3,
    placement: 'own-process',
    maxRestarts: Infinity,
    maxRssMb: 2000,
  })
  const neighbour = await system.spawn(fragile)
  const load: Load = { isOn: true, told: 0, right: 0, wrong: [], slowestMs: 0 }
  const pids = new Set<number>()

  await Promise.all([
    tell(pool, notes, load),
    ask(pool, load),
    askNeighbour(neighbour, load),
    crash(system, pids, load).finally(() => (load.isOn = false)),
  ])
  await eventually(() => expect(new Set(notesIn(notes)).size).toBe(load.told))

  expect(load.wrong).toEqual([])
  expect(load.slowestMs).toBeLessThan(3000)
  const receipt = await system.stop()
  expect(receipt).toMatchObject({
    deadLetters: 0,
    left: { sockets: 0, timers: 0, asks: 0, blocks: 0, messages: 0, handles: 0 },
  })
  expect(receipt.stopped.filter(({ outcome }) => outcome !== 'drained')).toEqual([])
  expect(receipt.isClean).toBe(true)
  expect(receipt.restarts).toBe(CRASHES.reduce((sum, victims) => sum + victims))
  await eventually(() => expect([...pids].filter(isAlive)).toEqual([]))
})

/** Tells some numbers for each question that is answered, or that the end of its process rejects. */
async function tell(pool: ActorRef<Fragile>, notes: string, load: Load): Promise<void> {
  while (load.isOn) {
    for (let batch = 0; batch < BATCH; batch++) pool.tell.note(notes, ++load.told)
    await question(pool, load.told, load)
  }
}

/** Asks one question after the other. */
async function ask(pool: ActorRef<Fragile>, load: Load): Promise<void> {
  for (let number = 0; load.isOn; number++) await question(pool, number, load)
}

/** It is answered rightly, or rejected by the end of its process. */
async function question(pool: ActorRef<Fragile>, number: number, load: Load): Promise<void> {
  const answer = await pool
    .ask({ timeoutMs: 60_000 })
    .echo(number)
    .catch((error: unknown) => error)
  if (answer === number) load.right += 1
  else if (!(answer instanceof Error) || answer.name !== 'ActorDownError') load.wrong.push(answer)
}

/** Notes how long the slowest answer takes. */
async function askNeighbour(neighbour: ActorRef<Fragile>, load: Load): Promise<void> {
  while (load.isOn) {
    const askedAt = performance.now()
    expect(await neighbour.ask({ timeoutMs: 60_000 }).pid()).toBe(process.pid)
    load.slowestMs = Math.max(load.slowestMs, performance.now() - askedAt)
  }
}

/** Crashes processes under load, and when their actors are back and answer, the next ones. */
async function crash(system: System, pids: Set<number>, load: Load): Promise<void> {
  let [crashes, restarts] = [0, 0]
  system.events.on('actor-restarted', () => (restarts += 1))
  for (const count of CRASHES) {
    const { right } = load
    await eventually(() => expect(load.right).toBeGreaterThan(right + ANSWERS_BETWEEN))
    const { hosts } = await system.snapshot()
    const running = hosts.flatMap(host => host.process?.pid ?? [])
    for (const pid of running) pids.add(pid)
    const first = Math.floor(Math.random() * running.length)
    for (let victim = first; victim < first + count; victim++) {
      process.kill(running[victim % running.length] as number, SIGNALS[crashes % SIGNALS.length])
      crashes += 1
    }
    await eventually(() => expect(restarts).toBe(crashes))
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
