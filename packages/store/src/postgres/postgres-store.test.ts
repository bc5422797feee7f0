import { afterAll, beforeAll } from 'vitest'
import { startPostgres, type PostgresServer } from '../fixtures/postgres-server.js'
import { testStore } from '../fixtures/store-contract.js'
import { PostgresStore } from './postgres-store.js'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
  console.log(server.version)
}, 120_000)
afterAll(() => server[Symbol.asyncDispose]())

let schemas = 0
testStore('PostgresStore', () => {
  const schema = `a "schema" ${++schemas}`
  return async () => {
    const store = new PostgresStore()
    await store.onStart({ url: server.url, schema })
    return { store, close: () => store.onStop() }
  }
})
