import { test } from 'vitest'
import { program } from '../src/program.ts'

test('program', program, 240_000)
