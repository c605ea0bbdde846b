import { offerInPage } from '../../../core-model/test/conformance/page-program.js';
import { SMALLEST_TRAINING } from './training-cases.js';

offerInPage(SMALLEST_TRAINING);
