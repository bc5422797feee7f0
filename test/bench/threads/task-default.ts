// What piscina and tinypool run: the default export of a module.
export { doTask as default } from './task.js'
