// What a system writes of its own accord about what goes wrong is what most tests do on purpose: it would hide what vitest says.
import { vi } from 'vitest'

vi.mock(import('./packages/actors/dist/log/default-sink.js'), async importReal => {
  const real = await importReal()
  return {
    ...real,
    // The tests of the sink itself say where it writes.
    defaultSink: (...options) => {
      const sink = real.defaultSink(...options)
      return options.length > 0 ? sink : line => line.event === undefined && sink(line)
    },
  }
})
