import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.turbo'])
/** What a path in the text of a document may end with. */
const PATH = /^(?:[\w.-]+\/)*[\w.-]+\.(?:ts|js|py|md|json|svg)$|^(?:[\w.-]+\/)+(?:[A-Za-z.][\w.-]*)?$/

/** All files of the repository, from its root on, without what is built or installed. */
export function filesIn(root: string, folder = ''): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    if (SKIPPED.has(entry.name)) return []
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    return entry.isDirectory() ? filesIn(root, path) : [path]
  })
}

/** The lines of a text outside of its blocks of code. */
function proseOf(markdown: string): string {
  return markdown.replaceAll(/^```[^]*?^```$/gm, '')
}

/** The anchors that GitHub gives to the headings of a document. */
export function anchorsOf(markdown: string): string[] {
  return Array.from(proseOf(markdown).matchAll(/^#+ (.*)$/gm), ([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

/** Where links of a text lead, as they are written. */
export function linksIn(markdown: string): string[] {
  return Array.from(proseOf(markdown).matchAll(/\]\(([^)\s]+)\)/g), ([, link]) => link as string)
}

/** The links of a document that lead nowhere in the repository, also those by the address of its page. */
export function brokenLinks(root: string, document: string, files: readonly string[]): string[] {
  const home = addressOf(root)
  return linksIn(readFileSync(join(root, document), 'utf8')).filter(link => {
    if (link.startsWith(`${home}/`)) return !isPage(root, link.slice(home.length + 1), files)
    return !/^[a-z]+:/.test(link) && !isThere(root, document, link, files)
  })
}

/** The address of the repository's page, which the root's package.json has. */
export function addressOf(root: string): string {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { repository: { url: string } }
  return repository.url.replace(/^git\+/, '').replace(/\.git$/, '')
}

/** Whether there is a file, or a folder, behind the address of its page. */
function isPage(root: string, path: string, files: readonly string[]): boolean {
  const [, kind, file] = /^(blob|tree)\/main\/(.+)$/.exec(path) ?? []
  if (file === undefined) return ['issues', 'security', 'security/advisories/new'].includes(path)
  const isFile = files.includes(file.split('#')[0] as string)
  return isFile === (kind === 'blob') && isThere(root, 'package.json', file, files)
}

function isThere(root: string, document: string, link: string, files: readonly string[]): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? document : relative(root, join(root, dirname(document), path))
  if (!files.includes(target)) return anchor === undefined && files.some(file => file.startsWith(`${target}/`))
  return anchor === undefined || anchorsOf(readFileSync(join(root, target), 'utf8')).includes(anchor)
}

/** The paths in backticks that are in the repository neither from its root on nor at the end of another path. */
export function missingPaths(root: string, document: string, files: readonly string[]): string[] {
  const text = proseOf(readFileSync(join(root, document), 'utf8'))
  const named = Array.from(text.matchAll(/`([^`\n]+)`/g), ([, code]) => code as string)
  return named.filter(name => PATH.test(name) && !names(name, files))
}

function names(name: string, files: readonly string[]): boolean {
  const folder = name.endsWith('/') ? name : `${name}/`
  return files.some(
    file => file === name || file.endsWith(`/${name}`) || file.startsWith(folder) || file.includes(`/${folder}`),
  )
}

/** The hazards that a source cites, such as `H1`; comments break lines anywhere. */
export function hazardsIn(source: string): string[] {
  return Array.from(
    source.matchAll(/\bhazards?[\s*]+(H\d+(?:(?:,|[\s*]+and)[\s*]+H\d+)*)/g),
    ([, list]) => (list as string).match(/H\d+/g) as string[],
  ).flat()
}

/** The cells of the rows of all tables below a heading, up to the next one. */
export function rowsBelow(markdown: string, heading: string): string[][] {
  const [, below = ''] = markdown.split(`${heading}\n`)
  const [section = ''] = below.split(/^#/m)
  return section
    .split('\n')
    .filter(line => /^\| (?!---)/.test(line))
    .slice(1)
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    )
}
