/** From this many numbers on, a list of numbers alone travels as a binary. */
export const MIN_PACKED = 32

/** The numbers of a list, when all of its elements are numbers: as integers of 32 bits, or as what they are. */
export function numbersOf(list: readonly unknown[]): Int32Array | Float64Array | undefined {
  let areIntegers = true
  for (let i = 0; i < list.length; i++) {
    const element = list[i]
    if (typeof element !== 'number') return undefined
    // -0 is no integer of that kind.
    if (areIntegers && ((element | 0) !== element || (element === 0 && 1 / element < 0))) areIntegers = false
  }
  return areIntegers ? new Int32Array(list as number[]) : new Float64Array(list as number[])
}

export function bytesOfNumbers({ buffer, byteOffset, byteLength }: Int32Array | Float64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
