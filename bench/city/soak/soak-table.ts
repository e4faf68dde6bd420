import type { Table } from '../../benchmark.ts';
import { rounded } from '../../statistics.ts';
import { labelOf, type CityRun } from '../city-run.ts';
import type { Soak, Thirds } from './soak.ts';

/** Below it the slope is that of warming up. */
const LEAST_MINUTES = 10;

/** Nothing when no run had it. */
export function soakTable(runs: readonly CityRun[]): readonly Table[] {
  const rows = runs.flatMap((run) => (run.soak === undefined ? [] : [[labelOf(run), ...cellsOf(run.soak)]]));
  const [first] = runs.flatMap(({ soak }) => soak ?? []);
  if (first === undefined) return [];
  return [
    {
      title: `${rounded(first.minutes)} minutes at 1,667 reports/s`,
      columns: [
        'system',
        'acknowledged',
        'lost',
        'doubled',
        'alarms',
        'unseen',
        'resident MB by thirds',
        'MB more an hour',
        'backlog: begin, middle, end',
        'alarm → WebSocket, p50 ms by thirds',
        'worst ms',
        'verdict',
      ],
      rows,
      notes: [
        'One run. Every row of every device is counted in the end against what was acknowledged. MB: resident, of all processes of the system, median; shared memory of PostgreSQL counts for each of its processes.',
        'MB more an hour: the slope through twelve means of the last two thirds ± its standard error; the first third is warm-up. It grows when the slope is above twice its error.',
        'Backlog: reports on their way to the store. An alarm every 5 s (30 in a short run): its way to the WebSocket is how old the feed is.',
      ],
    },
  ];
}

const cellsOf = (soak: Soak): readonly string[] => [
  rounded(soak.acknowledged),
  String(soak.lost),
  String(soak.doubled),
  String(soak.alarms),
  String(soak.alarmsUnseen),
  thirds(soak.residentMb),
  `${rounded(soak.growthMbPerH.slope)} ± ${rounded(soak.growthMbPerH.error)}`,
  thirds(soak.backlog),
  thirds(soak.feedMs),
  rounded(soak.feedWorstMs),
  soakVerdict(soak),
];

const thirds = (values: Thirds): string => values.map(rounded).join(' → ');

/** In words: whether anything was lost, and whether the memory grows. */
export function soakVerdict(soak: Soak): string {
  const { lost, doubled, alarmsUnseen, unanswered } = soak;
  const losses = [
    ...(lost > 0 ? [`**${lost} lost**`] : []),
    ...(doubled > 0 ? [`**${doubled} doubled**`] : []),
    ...(alarmsUnseen > 0 ? [`**${alarmsUnseen} alarms unseen**`] : []),
    ...(unanswered > 0 ? [`${unanswered} unanswered`] : []),
  ];
  return `${losses.length === 0 ? 'nothing lost' : losses.join(', ')}; ${memoryWords(soak)}`;
}

function memoryWords({ minutes, growthMbPerH: { slope, error } }: Soak): string {
  if (minutes < LEAST_MINUTES) return 'too short to judge the memory';
  return slope > 2 * error ? `memory grows by ${rounded(slope)} MB an hour` : 'memory does not grow';
}
