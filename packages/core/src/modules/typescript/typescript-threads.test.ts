import { expect, test } from 'vitest'
import { expectNoLeaksAfterEach } from '../../fixtures/leaks.js'
import { runProgram } from '../../fixtures/run-program.js'
import { writeTypeScriptProject } from '../../fixtures/threads/typescript-project.js'
import { startDetached } from '../../thread/starter/detached/detached.js'
import { startThread } from '../../thread/starter/start-thread.js'

expectNoLeaksAfterEach()

test('a thread runs TypeScript: enums, parameter properties, names of JavaScript files, aliases, JSON', async () => {
  await using project = await writeTypeScriptProject()
  await using thread = await startThread(project.url('src/thread.ts'))

  thread.pipe.send('go on')

  expect((await thread.pipe.receive())?.value).toEqual(['big', true, 'kg'])
})

test('a thread that is named as what its TypeScript is compiled to runs that, where it is not compiled', async () => {
  await using project = await writeTypeScriptProject()
  await using thread = await startThread(project.url('src/thread.js'))

  thread.pipe.send('go on')

  expect((await thread.pipe.receive())?.value).toEqual(['big', true, 'kg'])
  await expect(startThread(project.url('src/none.js'))).rejects.toMatchObject({ code: 'ZERA_THREAD_START' })
})

test('a process runs it as well', async () => {
  await using project = await writeTypeScriptProject()

  await using detached = await startDetached(project.url('src/ready.ts'), { in: 'process' })

  expect(detached.name).toBe('ready.ts')
})

test('a thread whose TypeScript cannot be read fails to start, and says where', async () => {
  await using project = await writeTypeScriptProject()

  await expect(startThread(project.url('src/broken.ts'))).rejects.toMatchObject({
    code: 'ZERA_THREAD_START',
    message: expect.stringContaining('broken.ts') as string,
  })
})

test('threads that are killed while they load TypeScript take nothing with them', async () => {
  expect(await runProgram('programs/main-kills-typescript', [24])).toMatchObject({
    code: 0,
    signal: null,
    stdout: 'true \n',
  })
})
