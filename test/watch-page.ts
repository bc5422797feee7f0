import { get } from 'node:http'

/** A page that is open. */
export interface WatchedPage {
  /** How often it was shown the system. */
  readonly looks: number
  close(): void
}

/** Keeps a page of an observed system open, as a browser does. */
export async function watchPage(url: string): Promise<WatchedPage> {
  const { origin, searchParams } = new URL(url)
  let looks = 0
  const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` }
  return new Promise((resolve, reject) => {
    const request = get(`${origin}/api/live`, { headers, agent: false }, response => {
      response.setEncoding('utf8').on('data', (text: string) => (looks += text.split('event: state').length - 1))
      // The system may stop first.
      response.on('error', () => undefined)
      resolve({
        get looks() {
          return looks
        },
        close: () => void request.destroy(),
      })
    }).on('error', reject)
  })
}
