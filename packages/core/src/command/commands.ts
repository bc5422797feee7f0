/** A package that has commands. */
type Owner = '@zera/actors' | '@zera/devices' | '@zera/observer'

/** One word that may follow `zera`, of another package. */
interface Command {
  readonly name: string
  readonly owner: Owner
  /** Its purpose, in a line of `zera --help`. */
  readonly summary: string
  /** Whether the package has several, and reads the word itself. */
  readonly isOneOfMany?: boolean
}

/** The words that may follow `zera`, besides `keygen`. */
export const COMMANDS: readonly Command[] = [
  { name: 'node', owner: '@zera/actors', summary: 'lends threads to a system on this or another machine' },
  { name: 'device', owner: '@zera/devices', summary: "runs one of ZeroMQ's devices, a broker or a gateway" },
  {
    name: 'observe',
    owner: '@zera/observer',
    summary: 'the address of the page of a running system',
    isOneOfMany: true,
  },
  { name: 'top', owner: '@zera/observer', summary: 'what a running system does, each second', isOneOfMany: true },
  {
    name: 'diagnose',
    owner: '@zera/observer',
    summary: 'what is likely wrong in a running system, and what to do',
    isOneOfMany: true,
  },
]

const KEYGEN = { name: 'keygen', owner: '', summary: 'writes a pair of CURVE keys' }

/** The text of `zera --help`. */
export function renderHelp(): string {
  const all = [...COMMANDS, KEYGEN]
  const width = Math.max(...all.map(({ summary }) => summary.length))
  const lines = all.map(({ name, summary, owner }) => `  ${name.padEnd(9)} ${summary.padEnd(width)} ${owner}`.trimEnd())
  return `usage: zera COMMAND [options]

${lines.join('\n')}

zera COMMAND --help tells its options. A command works where its package is installed.
`
}
