export { waitFor } from '@zera/core/internal'
