import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PACKAGE = new URL('../../../packages/observer/', import.meta.url)

/** The rules of alerts that the package brings. */
export const ALERTS = fileURLToPath(new URL('prometheus/alerts.yml', PACKAGE))
const DASHBOARD = new URL('grafana/zera.json', PACKAGE)

interface Dashboard {
  readonly uid: string
  readonly schemaVersion: number
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] }
  readonly panels: readonly {
    readonly id: number
    readonly type: string
    readonly title: string
    readonly description?: string
    readonly targets?: readonly { readonly expr: string }[]
  }[]
}

/** The dashboard that the package brings. */
export function dashboard(): Dashboard {
  return JSON.parse(readFileSync(DASHBOARD, 'utf8')) as Dashboard
}

/** The queries of a dashboard by their panels, with its variables as for everything in the last minute. */
export function queriesOf({ panels }: Dashboard): { readonly title: string; readonly query: string }[] {
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      title,
      query: expr
        .replaceAll('$__rate_interval', '1m')
        .replaceAll('$__range', '1m')
        .replaceAll(/\$(?:job|instance)\b/g, '.*'),
    })),
  )
}

/** The names of metrics in a text. */
export function metricsIn(text: string): Set<string> {
  return new Set(text.match(/\bzera_[a-z_]+/g))
}
