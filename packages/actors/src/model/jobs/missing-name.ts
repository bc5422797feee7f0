/** What compilers and test runners put into a function, and it cannot bring along; and what to do about each. */
const INJECTED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^cov_/, 'a counter of a coverage tool, which does not count what runs elsewhere'],
  [/^(?:__vi_import_|__vite_ssr_import_)/, 'an import of its module, which it can make itself by await import(…)'],
  [
    /^(?:__(?:async|await|asyncGenerator|yieldStar|forAwait|spreadValues|spreadProps|objRest|publicField|private\w+|using|callDispose|awaiter|generator|rest|assign|spreadArray|asyncValues|asyncDelegator|values|read|decorate|metadata|esDecorate|classPrivateField\w+|addDisposableResource|disposeResources)|_(?:async_to_generator|async_generator|wrap_async_generator|async_iterator|await_async_generator|object_spread\w*|object_without_\w+|define_property|class_private\w+|ts_\w+|to_consumable_array|sliced_to_array|using_ctx\w*|asyncToGenerator|objectSpread2?|defineProperty|classPrivate\w+))$/,
    'a helper of its compiler, which one with the target es2022 does not need',
  ],
]

/** What is wrong with a function that uses a name which is not there. */
export function missingName(message: string): string {
  const name = /^(\S+) is not defined$/.exec(message)?.[1]
  const what = name === undefined ? undefined : INJECTED.find(([pattern]) => pattern.test(name))?.[1]
  return what === undefined ? message : `${name} is not defined, ${what},`
}
