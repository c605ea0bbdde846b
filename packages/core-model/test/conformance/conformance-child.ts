import { runInChild } from './child-program.js';
import { CONFORMANCE } from './suite.js';

await runInChild(CONFORMANCE);
