import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-5'
import type { Editor, Position } from './editor.js'

/** TypeScript 5 in an editor: its language service. */
export class LanguageService implements Editor {
  readonly #service: ts.LanguageService

  /** @param config The project's `tsconfig.json`. */
  constructor(config: URL) {
    const folder = fileURLToPath(new URL('.', config))
    const { options, fileNames } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(fileURLToPath(config), path => ts.sys.readFile(path)).config,
      ts.sys,
      folder,
    )
    this.#service = ts.createLanguageService({
      fileExists: path => ts.sys.fileExists(path),
      readFile: path => ts.sys.readFile(path),
      readDirectory: (path, ...filters) => ts.sys.readDirectory(path, ...filters),
      directoryExists: path => ts.sys.directoryExists(path),
      getDirectories: path => ts.sys.getDirectories(path),
      getScriptFileNames: () => fileNames,
      getScriptVersion: () => '1',
      getScriptSnapshot: name => {
        const text = ts.sys.readFile(name)
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text)
      },
      getCurrentDirectory: () => folder,
      getCompilationSettings: () => options,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
    })
  }

  async hover(file: URL, position: Position): Promise<string> {
    const found = this.#service.getQuickInfoAtPosition(...placeOf(file, position))
    return [found?.displayParts, found?.documentation].map(ts.displayPartsToString).join('\n')
  }

  async definition(file: URL, position: Position): Promise<string[]> {
    return (this.#service.getDefinitionAtPosition(...placeOf(file, position)) ?? []).map(lineOf)
  }

  async completions(file: URL, position: Position): Promise<string[]> {
    const list = this.#service.getCompletionsAtPosition(...placeOf(file, position), {
      includeCompletionsWithInsertText: true,
    })
    return (list?.entries ?? []).map(({ name }) => name)
  }

  async rename(file: URL, position: Position): Promise<string[]> {
    const found = this.#service.findRenameLocations(...placeOf(file, position), false, false, {}) ?? []
    return found.toSorted((one, other) => one.textSpan.start - other.textSpan.start).map(lineOf)
  }

  async stop(): Promise<void> {
    this.#service.dispose()
  }
}

function placeOf(file: URL, { line, character }: Position): [path: string, offset: number] {
  const before = readFileSync(file, 'utf8').split('\n').slice(0, line)
  return [fileURLToPath(file), before.reduce((sum, text) => sum + text.length + 1, 0) + character]
}

function lineOf({ fileName, textSpan }: ts.DocumentSpan): string {
  const text = readFileSync(fileName, 'utf8')
  const start = text.lastIndexOf('\n', textSpan.start) + 1
  return text.slice(start, text.indexOf('\n', textSpan.start)).trim()
}
