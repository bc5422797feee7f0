import { test } from 'node:test'
import { program } from '../src/program.ts'

void test('program', program)
