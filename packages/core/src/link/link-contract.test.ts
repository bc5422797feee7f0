import { expectNoLeaksAfterEach } from '../fixtures/leaks.js'
import { describeLinks } from '../fixtures/links/link-contract.js'
import { LINK_KINDS } from '../fixtures/links/link-kinds.js'

expectNoLeaksAfterEach()

describeLinks(LINK_KINDS)
