import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { describeLinks } from '../fixtures/link-contract.js'
import { LINK_KINDS } from '../fixtures/link-kinds.js'

expectNoLeaksAfterEach()

describeLinks(LINK_KINDS)
