import { parseCitySource } from '@fengsui/city';
import { defaultOverloadBands } from '@fengsui/hazard';
import { createMqttUplink, createScenarioSource, createTerminal, systemClock, type Clock } from '@fengsui/terminal';
import { CentreProcess } from '../../test/harness/centre-process.ts';
import type { Benchmark } from '../benchmark.ts';
import { AlarmWatcher, alarmKey } from '../centre/alarm-watcher.ts';
import { registerDevices } from '../centre/register-devices.ts';
import type { DeviceCredential } from '../load/device-connection.ts';
import { monotonicMs } from '../load/monotonic-ms.ts';
import { latenciesOf, latencyCells } from '../statistics.ts';

const AFTER_MS = 3_000;
/** Well above the alarm band of 1.45, at once. */
const RATIO = 2;
const SEEN_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 2_000;

/** From the first sample above the limit to the alarm at the duty desk, through the whole product. */
export const signalPath: Benchmark = {
  name: 'signal-path',
  async run({ quick, progress }) {
    const band = defaultOverloadBands.find(({ level }) => level === 'alarm');
    if (band === undefined) throw new Error('there is no overload band of level alarm');
    const terminals = quick ? 4 : 20;
    const centre = await CentreProcess.start();
    let watcher: AlarmWatcher | undefined;
    try {
      const devices = await registerDevices(centre, 's', terminals);
      watcher = await AlarmWatcher.open(centre.webUrl, await centre.createToken('operator'));
      const desk = watcher;
      const totalMs: number[] = [];
      // Four at a time: this process simulates their boards too.
      for (let from = 0; from < devices.length; from += 4) {
        const group = devices.slice(from, from + 4);
        totalMs.push(...(await Promise.all(group.map((device, index) => crossing(centre, desk, device, index)))));
        progress(`${totalMs.length} of ${terminals} overloads, the last after ${totalMs.at(-1)?.toFixed(0)} ms`);
      }
      const beyondMs = totalMs.map((ms) => ms - band.onDelayMs);
      return [
        {
          title: "Overload: first sample above 1.45 In → alarm on the duty desk's WebSocket",
          columns: ['what', 'n', 'p50 ms', 'p99 ms', 'max ms'],
          rows: [
            ['in all', ...latencyCells(latenciesOf(totalMs))],
            [`without the on-delay of ${band.onDelayMs / 1000} s`, ...latencyCells(latenciesOf(beyondMs))],
          ],
          notes: [
            'Simulated board (step to 2 In), sampled in real time, terminal in this process, centre in its own.',
            'The remainder is mostly wanted: limits are told the time 500 ms late, so that a delay never runs out before the reading that would end it.',
          ],
        },
      ];
    } finally {
      watcher?.close();
      await centre.dispose();
    }
  },
};

async function crossing(
  centre: CentreProcess,
  desk: AlarmWatcher,
  { deviceId, secret }: DeviceCredential,
  index: number,
): Promise<number> {
  // Staggered against each other, so that no two measurements end in the same block.
  await new Promise((resolve) => setTimeout(resolve, index * 137));
  let startedAtMs: number | undefined;
  const clock: Clock = {
    ...systemClock,
    // The terminal ties its signal time to the clock the first time it asks.
    now: () => {
      startedAtMs ??= monotonicMs();
      return systemClock.now();
    },
  };
  const scenario = parseCitySource(
    `city:overload?seed=${index + 1}&circuits=1&after=${AFTER_MS / 1000}&ratio=${RATIO}`,
  );
  const uplink = createMqttUplink({ url: centre.mqttUrl, deviceId, secret });
  const terminal = createTerminal({
    source: createScenarioSource(scenario, systemClock.now()),
    deviceId,
    uplink,
    clock,
  });
  try {
    terminal.start();
    const seenAtMs = await desk.seen(alarmKey(deviceId, 'c1', 'overload'), SEEN_TIMEOUT_MS);
    if (startedAtMs === undefined) throw new Error('the terminal did not ask for the time');
    return seenAtMs - (startedAtMs + AFTER_MS);
  } finally {
    await terminal.stop(STOP_TIMEOUT_MS);
  }
}
