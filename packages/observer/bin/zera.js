#!/usr/bin/env node
// The command of all packages of Zera lies in core; whichever of them is installed has it. A command has to be there when its package is
// installed, which in this repository is before it is built.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const core = pathToFileURL(createRequire(import.meta.url).resolve('@zera/core/package.json'))
await import(new URL('./dist/bundle/command/main.js', core).href)
