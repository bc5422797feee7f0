import { databases } from '../fixtures/own-folder.js'
import { testStore } from '../fixtures/store-contract.js'
import { SqliteStore } from './sqlite-store.js'

const newFile = databases()

testStore('SqliteStore', () => {
  const file = newFile()
  return async () => {
    const store = new SqliteStore()
    await store.onStart({ file })
    return { store, close: async () => store.onStop() }
  }
})
