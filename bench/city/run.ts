/**
 * `npm run bench:city -- [SYSTEM…] [--runs N] [--quick] [--write]`: City-50k, the same load on the product and on the
 * stacks that people build themselves, one after another on the same machine. Systems: fengsui fengsui-postgres diy
 * diy-direct node-red. The peers are installed when they are first asked for (bench/peers/install.ts).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { AlarmWatcher } from '../centre/alarm-watcher.ts';
import { markdownOf, replaceSection } from '../document.ts';
import { AlarmRaiser } from '../load/alarm-raiser.ts';
import { Fleet } from '../load/fleet.ts';
import { describeRun, root } from '../machine.ts';
import type { CitySystem } from './city-system.ts';
import { cityTables, type CityRun } from './city-tables.ts';
import { startFengsui } from './fengsui-system.ts';
import { peerKinds, startPeer } from './peer-systems.ts';
import { measureAlarms } from './phases/alarms.ts';
import { measureKills } from './phases/kills.ts';
import { measureThroughput } from './phases/throughput.ts';

const CONNECTIONS = 1_000;
const RAISERS = 200;
const RATES_PER_S = [1_667, 5_000];

const systems: Readonly<Record<string, () => Promise<CitySystem>>> = {
  fengsui: () => startFengsui('embedded'),
  'fengsui-postgres': () => startFengsui('postgres'),
  diy: () => startPeer(peerKinds.diy),
  'diy-direct': () => startPeer(peerKinds['diy-direct']),
  'node-red': () => startPeer(peerKinds['node-red']),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    runs: { type: 'string', default: '3' },
  },
});
const runCount = Number(values.runs);
const stranger = positionals.find((name) => !(name in systems));
if (stranger !== undefined || !Number.isInteger(runCount) || runCount < 1) {
  console.error(`systems are ${Object.keys(systems).join(', ')}; --runs is a whole number from 1`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? Object.keys(systems) : positionals;
const machine = describeRun(['npm run bench:city --', ...process.argv.slice(2)].join(' '), values.quick);

async function measure(name: string, start: () => Promise<CitySystem>): Promise<CityRun> {
  const say = (words: string): void => console.error(`${name}: ${words}`);
  const system = await start();
  const fleet = await Fleet.start();
  let raiser: AlarmRaiser | undefined;
  let watcher: AlarmWatcher | undefined;
  try {
    say(`${CONNECTIONS} connections`);
    await fleet.connect(system.mqttPort, await system.register('i', CONNECTIONS));
    raiser = await AlarmRaiser.connect(system.mqttPort, await system.register('a', RAISERS));
    watcher = await AlarmWatcher.open(system.webUrl, system.feedToken);
    const parts = { system, fleet, raiser, watcher };
    const alarms = [];
    for (const ratePerS of RATES_PER_S) {
      say(`alarms beside ${ratePerS} reports/s`);
      const course = { kind: 'steady', durationMs: values.quick ? 3_000 : 15_000 } as const;
      alarms.push({ background: `${ratePerS}/s`, times: await measureAlarms(parts, CONNECTIONS, ratePerS, course) });
    }
    say('1,000 alarms in 5 s');
    const burst = await measureAlarms(parts, CONNECTIONS, 5_000, { kind: 'burst' });
    alarms.push({ background: '5000/s, burst', times: burst });
    say('as fast as it is acknowledged');
    const throughput = await measureThroughput(system, fleet, CONNECTIONS, values.quick ? 2_000 : 10_000);
    watcher.close();
    raiser.close();
    await fleet.stop();
    say('each process killed in turn');
    const killed = await measureKills(system, values.quick ? 1 : 2);
    const { durability, description } = system;
    return { name: system.name, durability, description, alarms, throughput, killed };
  } finally {
    watcher?.close();
    raiser?.close();
    await fleet.stop();
    await system.dispose();
  }
}

const runs: CityRun[] = [];
let failed = 0;
// Round by round, so that what the machine does meanwhile meets all of them.
for (let round = 0; round < runCount; round++) {
  for (const name of chosen) {
    try {
      runs.push(await measure(name, systems[name] as () => Promise<CitySystem>));
    } catch (error) {
      failed++;
      console.error(`${name}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
const content = [machine, ...cityTables(runs).map(markdownOf)].join('\n\n');
console.log(`\n## city\n\n${content}\n`);
if (values.write) {
  const file = path.join(root, 'docs/benchmarks.md');
  writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'city', content));
}
process.exit(failed === 0 ? 0 : 1);
