import { EVERY, type Route } from './route.js'

/** All workers. */
export const broadcast: Route = { choose: () => EVERY }
