/** What all threads of this process together have had of the processor while something was done, in microseconds. */
export async function processorTimeOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  // The clock of the processor may stand still for so little.
  return Math.max(1, user + system)
}
