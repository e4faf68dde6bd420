/**
 * `npm run bench:alarms -- [--days 30] [--venues 10000] [--seed 1] [--profile budget|upset] [--json FILE] [--write]`:
 * how many rows three people at the duty desk of a city get, and how soon they have what is really happening. In
 * simulated time, on one core; with --write, docs/benchmarks.md has the tables too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { markdownOf, replaceSection } from '../document.ts';
import { describeRun, root } from '../machine.ts';
import { profiles, runBudget, tablesOf } from './alarm-budget.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    venues: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    profile: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

function whole(name: 'days' | 'venues' | 'seed', most: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  console.error(`--${name} is ${values[name]}, expected a whole number from 1 to ${most}`);
  process.exit(2);
}

const settings = { days: whole('days', 366), venues: whole('venues', 50_000), seed: whole('seed', 2 ** 31) };
const chosen = values.profile === undefined ? profiles : profiles.filter((name) => name === values.profile);
if (chosen.length === 0) {
  console.error(`--profile is ${values.profile}, expected one of ${profiles.join(', ')}`);
  process.exit(2);
}
const isWhole = chosen.length === profiles.length && settings.days === 30 && settings.venues === 10_000;
if (values.write && !isWhole) {
  console.error('--write is for the whole of it: 30 days, 10,000 venues, every profile');
  process.exit(2);
}
const machine = describeRun('npm run bench:alarms', !isWhole);
const runs = chosen.map((profile) => {
  const run = runBudget(profile, settings);
  console.error(`alarms: ${profile}: ${run.measures.rows} rows, ${run.entries} entries in ${run.tookS.toFixed(0)} s`);
  return run;
});
const content = [machine, ...tablesOf(runs, settings).map(markdownOf)].join('\n\n');
console.log(`\n## alarms\n\n${content}\n`);
if (values.json !== undefined) {
  const document = { format: 'fengsui.alarm-budget/1', machine, settings, runs };
  writeFileSync(values.json, `${JSON.stringify(document, undefined, 2)}\n`);
}
if (values.write) {
  const file = path.join(root, 'docs/benchmarks.md');
  writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'alarms', content));
}
