import type { SystemState } from '../model/state.js'

/** What is likely wrong, for a person. */
export function renderDiagnosis({ name, pid, findings }: Pick<SystemState, 'name' | 'pid' | 'findings'>): string {
  const title = `${name} (process ${pid})`
  if (findings.length === 0) return `${title}: nothing is wrong as far as can be seen`
  return [`${title}:`, ...findings.map(({ severity, text, remedy }) => `  ${severity}: ${text}\n    ${remedy}`)].join(
    '\n',
  )
}
