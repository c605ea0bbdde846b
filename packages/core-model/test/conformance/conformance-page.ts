import { offerInPage } from './page-program.js';
import { CONFORMANCE } from './suite.js';

offerInPage(CONFORMANCE);
