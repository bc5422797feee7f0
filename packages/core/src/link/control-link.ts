import type { Link } from './link.js'

let control: Link | undefined

/** Notes the link to the thread that started this one. */
export function setControlLink(link: Link): void {
  control = link
}

/** The link to the thread that started this one; undefined in the main thread. */
export function controlLink(): Link | undefined {
  return control
}
