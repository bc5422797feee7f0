import { test } from 'node:test'
import { program } from '../src/program.ts'

test('program', program)
