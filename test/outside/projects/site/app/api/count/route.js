import { actors } from '../../../actors/system.js'

export const dynamic = 'force-dynamic'

export async function GET() {
  const { counter } = await actors()
  return Response.json(await counter.ask.add(1))
}
