import type { RequestHandler } from '@zera/devices'

/** What each thread of mtserver does with a request. */
const world: RequestHandler = ([request], { thread }) => {
  console.log(`${thread}: received ${String(request)}`)
  return 'World'
}

export default world
