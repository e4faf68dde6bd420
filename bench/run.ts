/**
 * `npm run bench -- [NAME…] [--quick] [--write]`: runs the benchmarks one after another on the real product and prints
 * their tables; with --write, docs/benchmarks.md has them too.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { alarmFlood } from './cases/alarm-flood.ts';
import { alarmLatency } from './cases/alarm-latency.ts';
import { engine } from './cases/engine.ts';
import { footprint } from './cases/footprint.ts';
import { intake } from './cases/intake.ts';
import { memory } from './cases/memory.ts';
import { roles } from './cases/roles.ts';
import { ruleTrial } from './cases/rule-trial.ts';
import { signal } from './cases/signal.ts';
import { signalPath } from './cases/signal-path.ts';
import { startUp } from './cases/start-up.ts';
import { store } from './cases/store.ts';
import { terminal } from './cases/terminal.ts';
import { markdownOf, replaceSection } from './document.ts';
import { describeRun, root } from './machine.ts';

const documentFile = path.join(root, 'docs/benchmarks.md');
const all: readonly Benchmark[] = [
  signal,
  engine,
  store,
  intake,
  alarmLatency,
  alarmFlood,
  roles,
  ruleTrial,
  signalPath,
  startUp,
  memory,
  terminal,
  footprint,
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const stranger = positionals.find((name) => !all.some((benchmark) => benchmark.name === name));
if (stranger !== undefined) {
  console.error(`no benchmark is named ${stranger}; there are ${all.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? all : all.filter(({ name }) => positionals.includes(name));
// A page that has no place for a result shall be known before the minutes that it takes.
if (values.write) for (const { name } of chosen) replaceSection(readFileSync(documentFile, 'utf8'), name, '');
let failed = 0;
for (const benchmark of chosen) {
  const { name } = benchmark;
  const machine = describeRun(`npm run bench -- ${name}${values.quick ? ' --quick' : ''}`, values.quick);
  const startedAt = performance.now();
  const progress = (words: string): void => console.error(`${name}: ${words}`);
  try {
    const tables = await benchmark.run({ quick: values.quick, progress });
    progress(`done in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    const content = [`${machine}`, ...tables.map(markdownOf)].join('\n\n');
    console.log(`\n## ${name}\n\n${content}\n`);
    if (values.write) writeFileSync(documentFile, replaceSection(readFileSync(documentFile, 'utf8'), name, content));
  } catch (error) {
    failed++;
    console.error(`${name}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
