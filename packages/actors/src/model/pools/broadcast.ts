import { EVERY, type Route } from './route.js'

/** Everybody. */
export const broadcast: Route = { choose: () => EVERY }
