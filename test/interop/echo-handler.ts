import type { RequestHandler } from '@zera/devices'

const echo: RequestHandler = request => request

export default echo
