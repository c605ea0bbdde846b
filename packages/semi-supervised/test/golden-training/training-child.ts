import { runInChild } from '../../../core-model/test/conformance/child-program.js';
import { SMALLEST_TRAINING } from './training-cases.js';

await runInChild(SMALLEST_TRAINING);
