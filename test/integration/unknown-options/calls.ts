/** Calls with options of which one is not known, by the place where it stands: see `OptionPlace.key`. */
type Calls = Readonly<Record<string, (unknown: object) => unknown>>

/** The calls of a package, with what they need. */
export interface ReadyCalls extends AsyncDisposable {
  readonly calls: Calls
}
