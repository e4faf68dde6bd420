import type { Table } from '../benchmark.ts';
import { rounded } from '../statistics.ts';
import { labelOf, medianOf, namesOf, spreadWords, timesAt, type CityRun } from './city-run.ts';
import type { AlarmTimes } from './phases/alarms.ts';
import { killCells } from './phases/kills.ts';
import { screenTable } from './screen/screen-table.ts';
import { soakTable } from './soak/soak-table.ts';

/** Median (minimum … maximum) of the runs; ratios against the first system that promises D2 and is not ours. */
export function cityTables(runs: readonly CityRun[]): readonly Table[] {
  const names = namesOf(runs);
  const of = (name: string): readonly CityRun[] => runs.filter((run) => run.name === name);
  const label = (name: string): string => `${name} (${of(name)[0]?.durability})`;
  const peer = names.find((name) => !name.startsWith('Fengsui') && of(name)[0]?.durability === 'D2');
  const ratio = (name: string, pick: (run: CityRun) => number): string =>
    peer === undefined ? '–' : rounded(medianOf(of(name), pick) / medianOf(of(peer), pick));
  const backgrounds = [...new Set(runs.flatMap(({ alarms }) => alarms.map(({ background }) => background)))];
  const at = (run: CityRun, background: string): AlarmTimes | undefined => timesAt(run.alarms, background);
  return [
    {
      title: 'As fast as it is acknowledged: 1,000 connections × 8, reports of 250 bytes, QoS 1',
      columns: ['system', 'runs', 'acknowledged/s', 'stored/s', '× D2 peer', 'missing', 'CPU ms per 1,000', 'MB'],
      rows: names.map((name) => [
        label(name),
        String(of(name).length),
        spreadWords(of(name), ({ throughput }) => throughput.acknowledgedPerS),
        spreadWords(of(name), ({ throughput }) => throughput.storedPerS),
        ratio(name, ({ throughput }) => throughput.storedPerS),
        String(sum(of(name), ({ throughput }) => throughput.missing)),
        spreadWords(of(name), ({ throughput }) => throughput.cpuMsPerThousand),
        spreadWords(of(name), ({ throughput }) => throughput.residentMb),
      ]),
      notes: [
        ...names.map((name) => `${label(name)}: ${of(name)[0]?.description}.`),
        'In brackets what an acknowledgement promises: D0 the memory of a process, D2 a power cut. Stored/s: until the last acknowledged report is committed. Missing: acknowledged and not stored five minutes later.',
        'Ours also keeps de-duplication, limits, presence and origin of each report; the peers store rows and raise alarms once, no more.',
      ],
    },
    {
      title: 'An alarm event published → on the WebSocket of a screen, while reports flow',
      columns: ['system', 'background', 'p50 ms', 'p99 ms', 'p99 × D2 peer', 'unseen', 'reports: PUBACK p50', 'p99 ms'],
      rows: backgrounds.flatMap((background) =>
        names.map((name) => {
          const feedP99 = (run: CityRun): number => at(run, background)?.feed.p99 ?? NaN;
          return [
            label(name),
            background,
            spreadWords(of(name), (run) => at(run, background)?.feed.p50 ?? NaN),
            spreadWords(of(name), feedP99),
            ratio(name, feedP99),
            String(sum(of(name), (run) => at(run, background)?.unseen ?? 0)),
            spreadWords(of(name), (run) => at(run, background)?.reportPuback.p50 ?? NaN),
            spreadWords(of(name), (run) => at(run, background)?.reportPuback.p99 ?? NaN),
          ];
        }),
      ),
      notes: ['40 alarms a second, each a condition of its own; burst: 1,000 in 5 s.'],
    },
    screenTable(runs),
    ...soakTable(runs),
    {
      title: 'kill -9 of each process in turn under 500 reports/s: what was acknowledged against what is stored',
      columns: ['system', 'killed', 'acknowledged', 'lost', 'doubled', 'alarms', 'lost', 'doubled'],
      rows: runs.map((run) => [labelOf(run), ...killCells(run.killed)]),
      notes: ['Devices send a report until it is acknowledged, always with the same bytes.'],
    },
  ];
}

const sum = (runs: readonly CityRun[], pick: (run: CityRun) => number): number =>
  runs.reduce((total, run) => total + pick(run), 0);
