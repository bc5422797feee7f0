/**
 * Hides what TypeScript says that all functions have: an editor lists messages alone after `ask.`, though it can be
 * called. What is private is not listed. Where an actor has a message of such a name, nothing is hidden.
 */
export type NoFunction<Message> = [Message] extends [never]
  ? unknown
  : [Extract<Message, keyof Function>] extends [never]
    ? FunctionMembers
    : unknown

declare class FunctionMembers {
  private readonly apply
  private readonly arguments
  private readonly bind
  private readonly call
  private readonly caller
  private readonly length
  private readonly name
  private readonly prototype
  private readonly toString
  private readonly [Symbol.hasInstance]
  private readonly [METADATA]
}

/** `Symbol.metadata`, in programs whose `lib` has it. */
declare const METADATA: SymbolConstructor extends { readonly metadata: infer S extends symbol } ? S : typeof NONE
declare const NONE: unique symbol
