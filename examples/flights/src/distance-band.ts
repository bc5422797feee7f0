/** How many miles a band of distances is wide. */
export const BAND_MILES = 500

/** The number of the band that a distance is in, from 0. */
export function bandOf(miles: number): number {
  return Math.floor(miles / BAND_MILES)
}
