import { useEffect, useState } from 'preact/hooks'

/** The screens that are always there, by their names. */
export const SCREENS = ['overview', 'actors', 'top', 'waits', 'links', 'traces', 'letters', 'history'] as const
type Screen = (typeof SCREENS)[number]

/** Where the page is: a screen, or one thread or one actor. */
export type Place =
  | { readonly screen: Screen }
  | { readonly screen: 'thread'; readonly host: number }
  | { readonly screen: 'actor'; readonly id: number }

/** The address of a place in the page. */
export function hrefOf(place: Place): string {
  if (place.screen === 'thread') return `#/thread/${place.host}`
  return place.screen === 'actor' ? `#/actor/${place.id}` : `#/${place.screen}`
}

/** The place that an address names; the overview when it names none. */
function placeOf(hash: string): Place {
  const [, name = '', number = ''] = hash.split('/')
  if (name === 'thread') return { screen: name, host: Number(number) }
  if (name === 'actor') return { screen: name, id: Number(number) }
  return { screen: SCREENS.find(screen => screen === name) ?? 'overview' }
}

/** Where the page is now, so that the browser's own ways to go back and forth work. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const moved = (): void => setHash(location.hash)
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  return placeOf(hash)
}
