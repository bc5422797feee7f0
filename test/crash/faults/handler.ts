/** The variable by which a process says that its threads handle unhandled rejections. */
export const HANDLER = 'ZERA_CRASH_HANDLER'
