/**
 * Adds up what vitest left for each package: a line per package, every skipped or failed test by its full name (a
 * skipped test names its reason), and the totals. Exits 1 when a test failed or a package left no results.
 *
 *     node scripts/test-summary.mjs [--counts]     --counts: print only "passed failed skipped"
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { root, testedFolders, testResultsFile } from './workspace.mjs';

const countsOnly = process.argv.includes('--counts');
const totals = { passed: 0, failed: 0, skipped: 0 };
const lines = [];

for (const folder of testedFolders()) {
  const file = testResultsFile(folder);
  if (!existsSync(file)) {
    lines.push(`${basename(folder)}: no results (its tests did not run)`);
    totals.failed += 1;
    continue;
  }
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const notes = [];
  for (const suite of results.testResults) {
    const where = relative(root, suite.name);
    // A file that cannot be loaded has no tests of its own, and still must count.
    if (suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed')) {
      counts.failed += 1;
      notes.push(`  failed   ${where}: ${firstLine(suite.message)}`);
    }
    for (const test of suite.assertionResults) {
      const outcome = test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped';
      counts[outcome] += 1;
      if (outcome !== 'passed') notes.push(`  ${outcome.padEnd(8)} ${where} > ${test.fullName.trim()}`);
    }
  }
  for (const outcome of Object.keys(totals)) totals[outcome] += counts[outcome];
  lines.push(`${basename(folder)}: ${describe(counts)}`, ...notes);
}

if (countsOnly) process.stdout.write(`${totals.passed} ${totals.failed} ${totals.skipped}\n`);
else process.stdout.write(`\n${lines.join('\n')}\nall packages: ${describe(totals)}\n`);
process.exit(totals.failed === 0 ? 0 : 1);

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function firstLine(message) {
  return (message || 'could not be loaded or set up; the output above says why').split('\n')[0];
}
