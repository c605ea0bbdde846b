import { spawnSync } from 'node:child_process';

/** Debian's Python, where scipy is a system package. */
const PYTHON = '/usr/bin/python3';

/** Appended to the name of every test that needs scipy, so that a skipped run says why. */
export const SCIPY_REASON = `needs scipy in ${PYTHON}`;

/** False where there is no scipy. */
export const scipyPresent: boolean =
  spawnSync(PYTHON, ['-c', 'import scipy.stats'], { timeout: 60_000 }).status === 0;

/** Value of a Python expression over `data`, `np` and scipy's `stats`. */
export function scipy(expression: string, data: unknown): unknown {
  const program = `import sys, json, warnings; warnings.simplefilter('ignore')
import numpy as np
from scipy import stats
data = json.load(sys.stdin)
print(json.dumps(${expression}, default=lambda value: value.tolist()))`;
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program], {
    input: JSON.stringify(data),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
