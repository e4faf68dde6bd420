import { RandomStream } from '@fengsui/city';
import type { Table } from '../benchmark.ts';
import { rounded } from '../statistics.ts';
import { planCity } from './city-plan.ts';
import { barsOf, measuresOf, type Bar, type Measures } from './measures.ts';
import { budget, rates } from './rates.ts';
import { HOUR_MS, planScenario, type Profile } from './scenario.ts';
import { simulateDuty } from './simulate-duty.ts';

export type BudgetSettings = {
  readonly days: number;
  /** Each with five terminals and ten detectors. */
  readonly venues: number;
  readonly seed: number;
};

export type BudgetRun = {
  readonly profile: Profile;
  readonly measures: Measures;
  readonly bars: readonly Bar[];
  readonly entries: number;
  readonly tookS: number;
};

/** Midnight in China, 2026-01-01. */
const START_AT = Date.UTC(2026, 0, 1) - 8 * HOUR_MS;
export const profiles: readonly Profile[] = ['budget', 'upset'];

export function runBudget(profile: Profile, { days, venues, seed }: BudgetSettings): BudgetRun {
  const begunAt = performance.now();
  const plan = planCity(venues, new RandomStream(seed, 'city'));
  const scenario = planScenario(plan.venues, profile, START_AT, days, seed);
  const duty = simulateDuty(plan, scenario, START_AT, days);
  const measures = measuresOf(duty);
  const tookS = (performance.now() - begunAt) / 1_000;
  return { profile, measures, bars: barsOf(measures), entries: duty.entryCount, tookS };
}

export function tablesOf(runs: readonly BudgetRun[], { days, venues, seed }: BudgetSettings): readonly Table[] {
  const cells = (cellOf: (run: BudgetRun) => string): string[] => runs.map(cellOf);
  const columns = (first: string): string[] => [first, ...runs.map(({ profile }) => profile)];
  const lines = runs[0]?.bars.map(({ what, bar }, index) => [
    what,
    ...cells(({ bars }) => verdictOf(bars[index])),
    bar,
  ]);
  const of = (what: string, valueOf: (measures: Measures) => number): string[] => [
    what,
    ...cells(({ measures }) => rounded(valueOf(measures))),
  ];
  const counted = (what: string, countOf: (run: BudgetRun) => number): string[] => [
    what,
    ...cells((run) => countOf(run).toLocaleString('en-US')),
  ];
  return [
    {
      title: `Alarm budget: ${days} days, ${(5 * venues).toLocaleString('en-US')} terminals, ${(10 * venues).toLocaleString('en-US')} detectors, ${budget.seats.value} seats at ${budget.handlingS.value} s an alarm (seed ${seed})`,
      columns: [...columns('what'), 'bar'],
      rows: lines ?? [],
      notes: [
        'A row is an alarm, or a group of alarms with one cause, that has become unacknowledged, for the first time or again; owned is acknowledged by a seat. True events that came in under an alarm acknowledged before, or that nobody took, count as not owned.',
        'The medians hide what a street without power does to the desk in its hour: see "worst" and the waits below.',
        'budget: nuisances and true events. upset: power cuts of whole streets and dead gateways besides.',
        `Driven by the product’s own code in simulated time: events on the wire, \`applyEntry\`, the life cycle, silence, work orders and their timers, the groups and the order of the duty desk, one key for a group. Left out: telemetry and limits of the centre (nuisances come as events), doors, journal and store (their delay is measured above).`,
      ],
    },
    {
      title: 'Beside the budget',
      columns: columns('what'),
      rows: [
        counted('rows in all', ({ measures }) => measures.rows),
        of('rows per seat and hour, 95th percentile', ({ rowsPerSeatHour }) => rowsPerSeatHour.p95),
        of('rows per seat and hour, worst', ({ rowsPerSeatHour }) => rowsPerSeatHour.max),
        of(
          '10-minute windows with more than 10 rows for each seat, %',
          ({ floodSharePerSeat }) => 100 * floodSharePerSeat,
        ),
        counted('longest queue, rows', ({ measures }) => measures.longestQueue),
        of('rows that waited longer than 10 min, %', ({ longWaitShare }) => 100 * longWaitShare),
        of('longest wait of a row, min', ({ longestWaitMin }) => longestWaitMin),
        of('seats busy, % of their time', ({ busyShare }) => 100 * busyShare),
        counted('true events', ({ measures }) => measures.trueEvents),
        of('fires owned within 60 s, %', ({ fireWithin60 }) => 100 * fireWithin60),
        of('slowest true event, s', ({ slowestS }) => slowestS),
        counted('true events under an alarm acknowledged before', ({ measures }) => measures.masked),
        counted('entries applied', ({ entries }) => entries),
        ['most rows are', ...cells(({ measures }) => kindsWords(measures))],
      ],
    },
    {
      title: 'What the result hangs on',
      columns: ['rate', 'value', 'where it comes from'],
      rows: [...Object.entries(rates), ...Object.entries(budget)].map(([name, { value, source }]) => [
        wordsOf(name),
        String(value),
        source,
      ]),
    },
  ];
}

const verdictOf = (bar: Bar | undefined): string =>
  bar === undefined ? '–' : `${rounded(bar.value)} ${bar.isMet ? 'met' : '**short**'}`;

const kindsWords = ({ byKind, rows }: Measures): string =>
  byKind
    .slice(0, 4)
    .map(([name, count]) => `${name} ${Math.round((100 * count) / rows)} %`)
    .join(', ');

/** `gatewayOutagesPerYear` → `gateway outages per year`. */
const wordsOf = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
