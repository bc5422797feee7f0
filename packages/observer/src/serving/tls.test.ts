import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSystem } from '@zera/actors'
import { expect, test } from 'vitest'

/** Makes certificates; Node itself does not. */
const OPENSSL = '/usr/bin/openssl'
const TOKEN = 'correct-horse-battery'

test.skipIf(!existsSync(OPENSSL))(
  'an observer with TLS serves other addresses too, and its cookie goes by TLS alone',
  async () => {
    const tls = certificate()
    const observer = { host: '0.0.0.0', token: TOKEN, tls }
    await using system = await startSystem({ threads: 0, handleSignals: false, observer })
    const port = new URL((await system.observe()).url).port

    const opened = await ask(`https://localhost:${port}/?token=${TOKEN}`, tls.cert)
    const state = await ask(`https://localhost:${port}/api/state`, tls.cert, {
      cookie: String(opened.cookie).split(';')[0] as string,
    })
    const unknown = await ask(`https://localhost:${port}/api/state`, tls.cert)

    expect(opened).toMatchObject({
      status: 303,
      cookie: expect.stringMatching(/; HttpOnly; SameSite=Strict; Secure$/) as string,
    })
    expect([state.status, unknown.status]).toEqual([200, 401])
  },
)

/** A certificate for this machine, which has signed it itself. */
function certificate(): { readonly cert: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'zera-tls-'))
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  try {
    const how = '-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost'.split(' ')
    execFileSync(OPENSSL, ['req', ...how, '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    })
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function ask(
  url: string,
  ca: string,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number | undefined; readonly cookie: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { ca, headers, agent: false }, response => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode, cookie: response.headers['set-cookie']?.[0] }))
    }).on('error', reject)
  })
}
