import { test } from 'node:test'
import { program } from '../src/main-plain.ts'

void test('plain', program)
