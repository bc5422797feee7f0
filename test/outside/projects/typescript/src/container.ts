import type { DependencyContainer } from 'tsyringe'
import { Kind } from './kinds.js'

export default (container: DependencyContainer): void => {
  container.registerInstance('unit', `of ${Kind.Big}`)
}
