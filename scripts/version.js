// Makes the next version of all packages, in the current folder: moves what the files of `.changeset` say to
// CHANGELOG.md, and lets changesets count the versions up.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const FOLDER = '.changeset'
const CHANGESET = /^---\n[^]*?^---\n([^]*)$/m
const changesets = createRequire(import.meta.url).resolve('@changesets/cli/bin.js')

const texts = readdirSync(FOLDER)
  .filter(file => file.endsWith('.md') && file !== 'README.md')
  .map(file => CHANGESET.exec(readFileSync(join(FOLDER, file), 'utf8'))?.[1]?.trim() ?? '')
  .filter(text => text !== '')
if (texts.length === 0)
  throw new Error('Cannot make a version: .changeset has no change; write one, as CONTRIBUTING.md says')

execFileSync(process.execPath, [changesets, 'version'], { stdio: 'inherit' })
const { version } = JSON.parse(readFileSync(join('packages', 'core', 'package.json'), 'utf8'))
const changelog = readFileSync('CHANGELOG.md', 'utf8')
const lines = texts.map(text => (text.startsWith('- ') ? text : `- ${text}`))
const at = changelog.search(/^## /m)
writeFileSync('CHANGELOG.md', `${changelog.slice(0, at)}## ${version}\n\n${lines.join('\n')}\n\n${changelog.slice(at)}`)
console.log(`${version}: ${texts.length} changes, in CHANGELOG.md. Read it, commit, and push the tag v${version}.`)
