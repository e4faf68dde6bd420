import { spreadOf } from '../../statistics.ts';
import { labelOf, namesOf, timesAt, type CityRun } from '../city-run.ts';
import { rangePlot, type Panel, type PanelRow } from './range-plot.ts';

const BACKGROUND = '5000/s';

/** What people compare first: how much is stored, and how late an alarm is, of every system. */
export function cityPlot(runs: readonly CityRun[], machine: string): string {
  const panel = (
    title: string,
    pick: (run: CityRun) => number | undefined,
    instead: string,
    bar?: Panel['bar'],
  ): Panel => ({
    title,
    ...(bar !== undefined && { bar }),
    rows: namesOf(runs).map((name) => rowOf(runs, name, pick, instead)),
  });
  return rangePlot(
    'City-50k: throughput and alarm latency of each system',
    [
      panel('Reports stored per second, as fast as they are acknowledged (more is better)', storedPerS, 'nothing', {
        value: 10_000,
        words: 'bar 10,000',
      }),
      panel(
        'Alarm event → WebSocket, p99 in ms, beside 5,000 reports/s (less is better)',
        (run) => timesAt(run.alarms, BACKGROUND)?.feed.p99,
        'none seen',
        { value: 150, words: 'bar 150 ms' },
      ),
      panel(
        'Alarm event → row in a browser, p99 in ms, beside 5,000 reports/s (less is better)',
        (run) => timesAt(run.onScreen, BACKGROUND)?.screen?.dom.p99,
        'no page',
        { value: 300, words: 'bar 300 ms' },
      ),
    ],
    [
      'Mark: median of the runs; line: from the least to the greatest. Full: an acknowledgement survives a power cut (D2); ring: it does not.',
      ...machine.replaceAll(/[`*]/g, '').split('; '),
    ],
  );
}

const storedPerS = ({ throughput }: CityRun): number => throughput.storedPerS;

function rowOf(
  all: readonly CityRun[],
  name: string,
  pick: (run: CityRun) => number | undefined,
  instead: string,
): PanelRow {
  const runs = all.filter((run) => run.name === name);
  const [first] = runs;
  if (first === undefined) throw new Error(`no run of ${name}`);
  const values = runs.map((run) => pick(run) ?? NaN).filter((value) => value > 0);
  return {
    label: labelOf(first),
    isOurs: name.startsWith('Fengsui'),
    isFull: first.durability === 'D2',
    range: values.length === 0 ? instead : spreadOf(values),
  };
}
