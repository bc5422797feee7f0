import type { Server } from 'node:http'

export declare function closer(server: Server): () => Promise<void>
