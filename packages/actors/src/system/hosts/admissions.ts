import type { Door } from '../../platform/platform.js'

/** What hosts in other processes report about the admissions for their links. */
export type AdmissionReports = Pick<Admissions, 'keyed' | 'admitted'>

/**
 * A link between two processes on its way: first the connecting side names its key, then the door admits it, then that
 * side connects.
 */
interface Admission {
  readonly binds: number
  readonly connects: number
  readonly door: Door
  /** The connecting side may connect. */
  readonly admitted: () => void
  state: 'awaits-key' | 'awaits-door' | 'admitted'
}

/**
 * The admissions at each door, for each link. A key is admitted before its owner connects, since ZeroMQ never retries
 * after a refusal, and dismissed when the link ends.
 *
 * Reports from hosts in other processes may be wrong. It does no IO of its own.
 */
export class Admissions {
  readonly #byLink = new Map<number, Admission>()
  #lastLink = 0

  /** A link was made. */
  expect(link: number, sides: Omit<Admission, 'state'>): void {
    this.#lastLink = Math.max(this.#lastLink, link)
    this.#byLink.set(link, { ...sides, state: 'awaits-key' })
  }

  /** The connecting side has made its keys. Returns false when the link is not its own, or when it reports twice. */
  keyed(host: number, link: number, publicKey: string): boolean {
    const admission = this.#byLink.get(link)
    if (admission === undefined) return this.#isOver(link)
    if (admission.connects !== host || admission.state !== 'awaits-key') return false
    admission.state = 'awaits-door'
    admission.door.admit(link, publicKey)
    return true
  }

  /** The door lets the connecting side in. Returns false when another host says so, or no admission was due. */
  admitted(host: number, link: number): boolean {
    const admission = this.#byLink.get(link)
    if (admission === undefined) return this.#isOver(link)
    if (admission.binds !== host || admission.state !== 'awaits-door') return false
    admission.state = 'admitted'
    admission.admitted()
    return true
  }

  /** A link has ended. */
  end(link: number): void {
    const admission = this.#byLink.get(link)
    if (admission === undefined) return
    this.#byLink.delete(link)
    if (admission.state !== 'awaits-key') admission.door.dismiss(link)
  }

  /** Reports about a link may arrive after its end. */
  #isOver(link: number): boolean {
    return link > 0 && link <= this.#lastLink
  }
}
