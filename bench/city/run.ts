/**
 * `npm run bench:city -- [SYSTEM…] [--runs N] [--soak-minutes N] [--quick] [--write]`: City-50k, the same load on the
 * product and on the stacks that people build themselves, one after another on the same machine. Systems: fengsui
 * fengsui-postgres diy diy-direct node-red. The peers are installed when they are first asked for
 * (bench/peers/install.ts). A soak is run when it is asked for, in the first run of each system. With --write,
 * docs/benchmarks.md has the tables and docs/pictures/city.svg the plot.
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
import type { CityRun, TimedAlarms } from './city-run.ts';
import { cityTables } from './city-tables.ts';
import { startFengsui } from './fengsui-system.ts';
import { peerKinds, startPeer } from './peer-systems.ts';
import { measureAlarms } from './phases/alarms.ts';
import { measureKills } from './phases/kills.ts';
import { measureSoak } from './soak/soak.ts';
import { measureThroughput } from './phases/throughput.ts';
import { cityPlot } from './plot/city-plot.ts';
import { ScreenWatch } from './screen/screen-watch.ts';

const CONNECTIONS = 1_000;
const RAISERS = 200;
const RATES_PER_S = [1_667, 5_000];
const SOAK_PER_S = 1_667;

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
    'soak-minutes': { type: 'string', default: '0' },
  },
});
const runCount = Number(values.runs);
const soakMinutes = Number(values['soak-minutes']);
const stranger = positionals.find((name) => !(name in systems));
if (stranger !== undefined || !Number.isInteger(runCount) || runCount < 1 || !(soakMinutes >= 0)) {
  const systemNames = Object.keys(systems).join(', ');
  console.error(`systems are ${systemNames}; --runs is a whole number from 1, --soak-minutes a number from 0`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? Object.keys(systems) : positionals;
const steady = { kind: 'steady', durationMs: values.quick ? 3_000 : 15_000 } as const;
const machine = describeRun(['npm run bench:city --', ...process.argv.slice(2)].join(' '), values.quick);

async function measure(name: string, start: () => Promise<CitySystem>, withSoak: boolean): Promise<CityRun> {
  const say = (words: string): void => console.error(`${name}: ${words}`);
  const system = await start();
  const fleet = await Fleet.start();
  let raiser: AlarmRaiser | undefined;
  let watcher: AlarmWatcher | undefined;
  try {
    say(`${CONNECTIONS} connections`);
    const devices = await system.register('i', CONNECTIONS);
    await fleet.connect(system.mqttPort, devices);
    watcher = await AlarmWatcher.open(system.webUrl, system.feedToken);
    say('warm-up');
    await fleet.offer(CONNECTIONS, RATES_PER_S[0] as number, values.quick ? 3_000 : 15_000);
    const onScreen = await measureOnScreen({ system, fleet, watcher }, say);
    raiser = await AlarmRaiser.connect(system.mqttPort, await system.register('a', RAISERS));
    const parts = { system, fleet, raiser, watcher };
    const alarms: TimedAlarms[] = [];
    for (const ratePerS of RATES_PER_S) {
      say(`alarms beside ${ratePerS} reports/s`);
      alarms.push({ background: `${ratePerS}/s`, times: await measureAlarms(parts, CONNECTIONS, ratePerS, steady) });
    }
    say('1,000 alarms in 5 s');
    const burst = await measureAlarms(parts, CONNECTIONS, 5_000, { kind: 'burst' });
    alarms.push({ background: '5000/s, burst', times: burst });
    if (withSoak) say(`soak of ${soakMinutes} minutes`);
    const soak = withSoak ? await measureSoak({ ...parts, devices }, SOAK_PER_S, soakMinutes) : undefined;
    say('as fast as it is acknowledged');
    const throughput = await measureThroughput(system, fleet, CONNECTIONS, values.quick ? 2_000 : 10_000);
    watcher.close();
    raiser.close();
    await fleet.stop();
    say('each process killed in turn');
    const killed = await measureKills(system, values.quick ? 1 : 2);
    const { durability, description } = system;
    return {
      name: system.name,
      durability,
      description,
      ...(onScreen !== undefined && { onScreen }),
      alarms,
      ...(soak !== undefined && { soak }),
      throughput,
      killed,
    };
  } finally {
    watcher?.close();
    raiser?.close();
    await fleet.stop();
    await system.dispose();
  }
}

/** With devices of its own, whose alarms rank alike: a new one is the first row of the page. */
async function measureOnScreen(
  parts: { readonly system: CitySystem; readonly fleet: Fleet; readonly watcher: AlarmWatcher },
  say: (words: string) => void,
): Promise<readonly TimedAlarms[] | undefined> {
  const { system } = parts;
  if (system.screen === undefined) return undefined;
  const raiser = await AlarmRaiser.connect(system.mqttPort, await system.register('s', RAISERS));
  let screen: ScreenWatch | undefined;
  try {
    screen = await ScreenWatch.open(system.screen);
    const timed: TimedAlarms[] = [];
    for (const ratePerS of RATES_PER_S) {
      say(`alarms in a browser beside ${ratePerS} reports/s`);
      const times = await measureAlarms({ ...parts, raiser, screen }, CONNECTIONS, ratePerS, steady);
      timed.push({ background: `${ratePerS}/s`, times });
    }
    return timed;
  } finally {
    await screen?.close();
    raiser.close();
  }
}

const runs: CityRun[] = [];
let failed = 0;
// Round by round, so that what the machine does meanwhile meets all of them.
for (let round = 0; round < runCount; round++) {
  for (const name of chosen) {
    try {
      runs.push(await measure(name, systems[name] as () => Promise<CitySystem>, round === 0 && soakMinutes > 0));
    } catch (error) {
      failed++;
      console.error(`${name}: failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}
const tables = cityTables(runs).map(markdownOf);
console.log(`\n## city\n\n${[machine, ...tables].join('\n\n')}\n`);
if (values.write && runs.length > 0) {
  const picture = 'pictures/city.svg';
  writeFileSync(path.join(root, 'docs', picture), cityPlot(runs, machine));
  const content = [machine, `![Throughput and alarm latency of each system](${picture})`, ...tables].join('\n\n');
  const file = path.join(root, 'docs/benchmarks.md');
  writeFileSync(file, replaceSection(readFileSync(file, 'utf8'), 'city', content));
}
process.exit(failed === 0 ? 0 : 1);
