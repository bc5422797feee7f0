import { program } from './program.ts'

await program()
console.log('ok')
