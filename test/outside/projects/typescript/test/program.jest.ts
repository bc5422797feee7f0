import { test } from '@jest/globals'
import { program } from '../src/program.ts'

test('program', program, 240_000)
