#!/usr/bin/env node
// A command has to be there when its package is installed, which in this repository is before it is built.
import '../dist/bundle/command/main.js'
