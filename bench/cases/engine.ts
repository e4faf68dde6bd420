import {
  createLoadTracker,
  createRecogniser,
  fingerprintOf,
  observedSwitchOf,
  shippedModel,
  type RecognitionModel,
} from '@fengsui/fingerprint';
import type { BoardSampleBlock, SwitchEvent } from '@fengsui/signal';
import { createRecordingSource } from '@fengsui/terminal';
import type { Benchmark, BenchmarkSettings, Table } from '../benchmark.ts';
import { createChannelMemory } from '../channel-memory.ts';
import {
  cpuUsPerCycle,
  createEngine,
  CYCLES,
  MAINS_HZ,
  RATED_A,
  recordBlock,
  recordPieces,
  runEngine,
  SAMPLE_RATE_HZ,
  SECONDS,
  switchEventsIn,
  type Engine,
} from '../engine-channel.ts';
import { rounded, spreadCells, spreadOf } from '../statistics.ts';
import { cpuUsOfTerminal } from '../terminal-run.ts';

/** A distribution board in a shop: its circuits share the voltage. */
const BOARD_CIRCUITS = 8;
/** Circuits a core must carry, and should. */
const LEAST_CIRCUITS = 500;
const WANTED_CIRCUITS = 1500;
const CHANNELS = 100;

/** What flows: steady loads, loads that are switched, and what costs most: a pulsing load, an arc. */
const mixes = [
  { name: 'steady loads', source: 'city:normal' },
  { name: 'loads switched', source: 'city:loads' },
  { name: 'pulsing hob', source: 'city:pulsingHob' },
  { name: 'series arc', source: 'city:arc' },
];

/** What the engine of one circuit costs: signal, fingerprint, arc, and all that a terminal does beside. */
export const engine: Benchmark = {
  name: 'engine',
  async run(settings) {
    const model = shippedModel();
    const recordings = mixes.map(({ name, source }) => ({ name, pieces: recordPieces(source) }));
    const steps = recordings.map(({ name, pieces }) => stepsOf(name, pieces, model, settings));
    const board = boardStep(model, settings);
    const terminals: Table['rows'][number][] = [];
    for (const { name, source } of mixes) terminals.push(await terminalOf(name, source, settings));
    const events = recordings.flatMap(({ pieces }) => switchEventsIn(pieces));
    return [
      {
        title: 'CPU per 20 ms cycle of one circuit, V + I at 6.4 kHz, µs (minimum … median of the runs)',
        columns: [
          'what flows',
          'n',
          'analyser',
          '+ switch detector',
          'arc detector',
          'per half-cycle decision',
          'all three',
        ],
        rows: steps.map(({ cells }) => cells),
        notes: [
          'All three: analyser, switch detector with fingerprint, recognition and tracking at its events, arc detector; measured together, not added.',
          'CPU time of the process. The minimum is the cost; what a run takes above it is what else the machine did.',
        ],
      },
      {
        title: `Circuits of one core in real time, signal + fingerprint + arc (bar ${LEAST_CIRCUITS}, aim ${WANTED_CIRCUITS})`,
        columns: ['what flows', 'n', 'circuits per core: min', 'median', 'max', `bar ${LEAST_CIRCUITS} at the median`],
        rows: [...steps, board].map(({ name, allUs }) => {
          const perCore = allUs.map((us) => 1e6 / MAINS_HZ / us);
          const met = spreadOf(perCore).median >= LEAST_CIRCUITS;
          return [name, ...spreadCells(perCore), met ? 'met' : '**short**'];
        }),
      },
      {
        title: 'The whole terminal in process: residual current, readings, limits, telemetry, captures beside',
        columns: ['what flows', 'n', 'µs per cycle and circuit: min', 'median', 'max', 'circuits per core, median'],
        rows: terminals,
      },
      eventTable(events, model, settings),
      memoryTable(recordings[1]?.pieces ?? [], settings),
    ];
  },
};

type Steps = { readonly name: string; readonly cells: readonly string[]; readonly allUs: readonly number[] };

function stepsOf(
  name: string,
  pieces: readonly BoardSampleBlock[],
  model: RecognitionModel,
  { quick, progress }: BenchmarkSettings,
): Steps {
  const runs = quick ? 5 : 15;
  const analyser = cpuUsPerCycle(runs, () => runEngine(pieces, createEngine({})));
  const detector = cpuUsPerCycle(runs, () => runEngine(pieces, createEngine({ switches: true })));
  const arcs = cpuUsPerCycle(runs, () => runEngine(pieces, createEngine({ arcs: true, cycles: false })));
  const all = cpuUsPerCycle(runs, () => runEngine(pieces, createEngine({ switches: true, arcs: true, model })));
  const perHalfCycle = arcs.map((us) => us / 2);
  const cells = [analyser, detector, arcs, perHalfCycle, all].map(range);
  progress(`${name}: all three ${cells[4]} µs per cycle`);
  return { name, cells: [name, String(runs), ...cells], allUs: all };
}

/** All three for the circuits of one board, per circuit: what is the same for all of them is computed once. */
function boardStep(model: RecognitionModel, { quick, progress }: BenchmarkSettings): Omit<Steps, 'cells'> {
  const pieces = recordPieces('city:normal', BOARD_CIRCUITS);
  const parts = { circuits: BOARD_CIRCUITS, switches: true, arcs: true, model };
  const us = cpuUsPerCycle(quick ? 3 : 9, () => runEngine(pieces, createEngine(parts)));
  const allUs = us.map((ofBoard) => ofBoard / BOARD_CIRCUITS);
  const name = `steady loads, board of ${BOARD_CIRCUITS}`;
  progress(`${name}: ${range(allUs)} µs per cycle and circuit`);
  return { name, allUs };
}

function range(values: readonly number[]): string {
  const { min, median } = spreadOf(values);
  return `${rounded(min)} … ${rounded(median)}`;
}

/** Of 20 s each: the compiler is done by then, and a terminal runs for months. */
const WARMING_TURNS = 30;

/** A terminal without network, as fast as it goes. */
async function terminalOf(name: string, source: string, { quick, progress }: BenchmarkSettings): Promise<string[]> {
  const block = recordBlock(source);
  const [circuit] = block.circuits;
  if (circuit === undefined) throw new Error('the board has no circuit');
  const channels = [
    { name: 'voltageV', unit: 'V', values: block.voltageV },
    { name: 'c1.currentA', unit: 'A', values: circuit.currentA },
    { name: 'c1.residualCurrentMa', unit: 'mA', values: circuit.residualCurrentMa },
  ];
  const us: number[] = [];
  for (let turn = -WARMING_TURNS; turn < (quick ? 3 : 9); turn++) {
    const source = createRecordingSource({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: MAINS_HZ, channels });
    const cpuUs = await cpuUsOfTerminal({ source, ratedA: { c1: RATED_A }, durationMs: 1000 * SECONDS });
    if (turn >= 0) us.push(cpuUs / CYCLES);
  }
  const perCore = rounded(1e6 / MAINS_HZ / spreadOf(us).median);
  progress(`${name}: whole terminal ${range(us)} µs per cycle`);
  return [name, ...spreadCells(us), perCore];
}

function eventTable(events: readonly SwitchEvent[], model: RecognitionModel, { quick }: BenchmarkSettings): Table {
  const turns = Math.ceil((quick ? 100 : 400) / Math.max(1, events.length));
  const recogniser = createRecogniser(model);
  const spent: Record<string, number[]> = { fingerprint: [], recognition: [], tracking: [] };
  const timed = <Result>(what: string, work: () => Result): Result => {
    const before = performance.now();
    const result = work();
    spent[what]?.push(1000 * (performance.now() - before));
    return result;
  };
  for (let turn = 0; turn < turns; turn++) {
    const tracker = createLoadTracker();
    for (const event of events) {
      const fingerprint = timed('fingerprint', () => fingerprintOf(event));
      if (fingerprint.kind === 'unusable') continue;
      const recognition = timed('recognition', () => recogniser.recognise(fingerprint));
      timed('tracking', () => tracker.tell(observedSwitchOf(event, event.startFrame), recognition));
    }
  }
  return {
    title: 'One switch event, µs (wall time)',
    columns: ['what', 'n', 'min', 'median', 'max'],
    rows: Object.entries(spent).map(([what, us]) => [what, ...spreadCells(us)]),
    notes: [`${events.length} different events of the recordings above, in turn.`],
  };
}

function memoryTable(pieces: readonly BoardSampleBlock[], { progress }: BenchmarkSettings): Table {
  const memory = createChannelMemory(CHANNELS);
  const fed = (engine: Engine): Engine => {
    runEngine(pieces, engine);
    return engine;
  };
  const model = shippedModel();
  const rows = [
    ['cycle analyser', () => createEngine({})],
    ['switch detector (and analyser)', () => createEngine({ switches: true })],
    ['arc detector', () => createEngine({ arcs: true, cycles: false })],
    ['all, with recognition and tracking', () => createEngine({ switches: true, arcs: true, model })],
  ] as const;
  const table = rows.map(([name, create]) => {
    const { typedArrayBytes, heapBytes } = memory.ofOne(() => fed(create()));
    return [name, rounded(typedArrayBytes / 1024), rounded((typedArrayBytes + heapBytes) / 1024)];
  });
  progress(table.map(([name, kib]) => `${name}: ${kib} KiB`).join('; '));
  return {
    title: `State of one circuit after ${SECONDS} s of switching, KiB`,
    columns: ['what', 'in typed arrays', 'with JavaScript objects'],
    rows: table,
    notes: [
      `Growth of the process over ${CHANNELS} channels after garbage collection, over their number. Tables that all channels share are not in it: one channel was made before.`,
    ],
  };
}
