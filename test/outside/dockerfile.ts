import { cp, mkdir, mkdtemp, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expectSuccess, type Ended, type RunOptions } from './run.js'

/** What an image would run. */
export interface Image {
  readonly command: readonly string[]
  readonly options: Pick<RunOptions, 'cwd' | 'env'>
}

interface Stage {
  readonly name: string
  readonly root: string
  cwd: string
  env: Readonly<Record<string, string>>
}

type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<Ended>

/**
 * Goes through a Dockerfile without Docker: each stage is a folder, and its commands run there with the Node of the
 * options instead of the base image's. It takes the instructions that the template has, and does not change the user.
 */
export async function runDockerfile(text: string, context: string, options: RunOptions, run: Run): Promise<Image> {
  const stages: Stage[] = []
  let command: readonly string[] = []
  for (const line of text.split('\n').filter(each => each !== '' && !each.startsWith('#'))) {
    const [instruction = '', ...words] = line.split(' ')
    const rest = words.join(' ')
    if (instruction === 'FROM') stages.push(await newStage(context, words.at(-1) ?? ''))
    const stage = stages.at(-1)
    if (stage === undefined) throw new Error(`A Dockerfile begins with FROM, and not with ${line}`)
    switch (instruction) {
      case 'FROM':
      case 'USER':
      case 'EXPOSE':
        break
      case 'WORKDIR':
        stage.cwd = join(stage.root, rest)
        await mkdir(stage.cwd, { recursive: true })
        break
      case 'ENV':
        stage.env = { ...stage.env, ...Object.fromEntries([rest.split('=')]) }
        break
      case 'COPY':
        await copy(words, context, stage, stages)
        break
      case 'RUN':
        expectSuccess(
          await run('sh', ['-c', rest], { ...options, cwd: stage.cwd, env: { ...options.env, ...stage.env } }),
        )
        break
      case 'CMD':
        command = JSON.parse(rest) as string[]
        break
      default:
        throw new Error(`Cannot go through ${line}`)
    }
  }
  const last = stages.at(-1) as Stage
  return { command, options: { cwd: last.cwd, env: { ...options.env, ...last.env } } }
}

/** It lies next to the project, where none of the project's packages are found. */
async function newStage(context: string, name: string): Promise<Stage> {
  const root = await mkdtemp(join(context, '..', 'stage-'))
  return { name, root, cwd: root, env: {} }
}

async function copy(words: readonly string[], context: string, into: Stage, stages: readonly Stage[]): Promise<void> {
  const from = words.find(word => word.startsWith('--from='))?.slice('--from='.length)
  const paths = words.filter(word => !word.startsWith('--'))
  const target = join(into.cwd, paths.at(-1) ?? '')
  const source = from === undefined ? context : (stages.find(({ name }) => name === from)?.root ?? '')
  for (const path of paths.slice(0, -1)) {
    const one = join(source, path)
    // Docker copies what is in a folder; a file goes into a target that is one.
    const isFolder = (await stat(one)).isDirectory()
    await cp(one, isFolder ? target : join(target, basename(one)), { recursive: true, verbatimSymlinks: true })
  }
}
