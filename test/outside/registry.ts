import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

interface Manifest {
  readonly name: string
  readonly version: string
}

/** A registry that serves packed packages on this machine, as the registry does after publication. */
export interface Registry extends AsyncDisposable {
  /** Its address, with a slash at its end. */
  readonly url: string
}

/** Serves the tarballs of a folder. For packages that it does not have it sends clients to another registry. */
export async function serveTarballs(folder: string, upstream: string): Promise<Registry> {
  const packages = new Map<string, unknown>()
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname).slice(1)
    const found = packages.get(path)
    if (Buffer.isBuffer(found)) response.end(found)
    else if (found !== undefined)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(found))
    else response.writeHead(302, { location: new URL(request.url?.slice(1) ?? '', upstream).href }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.tgz'))) {
    const bytes = await readFile(join(folder, file))
    const manifest = await readManifest(join(folder, file))
    const { name, version } = manifest
    const dist = {
      tarball: `${url}tarballs/${file}`,
      shasum: createHash('sha1').update(bytes).digest('hex'),
      integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    }
    packages.set(`tarballs/${file}`, bytes)
    packages.set(name, {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { ...manifest, dist } },
      time: { [version]: '2026-01-01T00:00:00.000Z' },
    })
  }
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readManifest(tarball: string): Promise<Manifest> {
  const { stdout } = await promisify(execFile)('tar', ['xzOf', tarball, 'package/package.json'])
  return JSON.parse(stdout) as Manifest
}
