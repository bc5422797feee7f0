/** A file that a document shows: a block of code that begins with a comment that names it. */
export interface ShownFile {
  /** Its path in the folder of the document. */
  readonly path: string
  readonly code: string
}

const BLOCK = /^```(?:js|ts|json)\n(?:\/\/|#) ([\w./-]+\.(?:[cm]?js|ts|json))\n([^]*?)^```$/gm
const PRINTED = /console\.log\(.*\/\/ (.*)$/gm

/** The files that a document shows, in order. */
export function filesIn(markdown: string): ShownFile[] {
  return Array.from(markdown.matchAll(BLOCK), ([, path, code]) => ({ path: path as string, code: code as string }))
}

/** How many blocks of a language a document has. Those of JavaScript and TypeScript are files, so that they can be run. */
export function blocksOf(markdown: string, language: string): number {
  return markdown.split('\n').filter(line => line === `\`\`\`${language}`).length
}

/** The files that are run: they print something, and no runner of tests has to run them. */
export function programsAmong(files: readonly ShownFile[]): ShownFile[] {
  return files.filter(({ path, code }) => code.includes('console.log(') && !isTest(path))
}

export function isTest(path: string): boolean {
  return /\.test\.\w+$/.test(path)
}

/** What a program prints, by the comments of its lines that print. */
export function outputOf({ code }: ShownFile): string {
  return Array.from(code.matchAll(PRINTED), ([, line]) => `${line as string}\n`).join('')
}

/** A section of a document, from its heading on, with those below it. */
export function sectionOf(markdown: string, heading: string): string {
  const [, section = ''] = `\n${markdown}`.split(`\n## ${heading}\n`)
  return section.split(/^## /m)[0] ?? ''
}
