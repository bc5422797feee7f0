export enum Kind {
  Big = 'big',
  Small = 'small',
}

export class Size {
  constructor(
    readonly kind: Kind,
    private readonly grams: number,
  ) {}

  get kilos(): number {
    return this.grams / 1000
  }
}
