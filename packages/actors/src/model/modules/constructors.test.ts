import 'reflect-metadata'
import { injectable } from 'tsyringe'
import { describe, expect, test } from 'vitest'
import { defineActor } from '../definition.js'
import { DefinitionError } from '../errors.js'

class Dependency {
  readonly name = 'a dependency'
}

class Parametric {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}

class Defaulted {
  readonly value: number

  constructor(value = 1) {
    this.value = value
  }
}

class Inheriting extends Defaulted {
  method(): number {
    return this.value
  }
}

@injectable()
class Injected {
  readonly dependency: Dependency

  constructor(dependency: Dependency) {
    this.dependency = dependency
  }
}

class InjectedToo extends Injected {}

describe('defineActor() of a class', () => {
  test('refuses one whose constructor has parameters that nothing passes', () => {
    expect(() => defineActor(import.meta.url, Parametric)).toThrow(DefinitionError)
  })

  test('names what the compiler needs for injection, without which a decorator leaves nothing on the class', () => {
    const define = (): unknown => defineActor(import.meta.url, Parametric)

    expect(define).toThrow('experimentalDecorators')
    expect(define).toThrow('emitDecoratorMetadata')
  })

  test.each<new (...dependencies: never[]) => object>([Defaulted, Inheriting, Injected, InjectedToo])(
    'takes %o',
    actorClass => {
      expect(defineActor(import.meta.url, actorClass).name).toBe(actorClass.name)
    },
  )
})
