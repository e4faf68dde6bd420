import { createCycleAnalyser, createFft, createSwitchEventDetector, diagnose, type SampleBlock } from '@fengsui/signal';
import { createScenarioBoard, parseCitySource } from '@fengsui/city';
import type { Benchmark, Table } from '../benchmark.ts';
import { rounded, spreadOf } from '../statistics.ts';

const SAMPLE_RATE_HZ = 6400;
const MAINS_HZ = 50;
const SECONDS = 10;
const CYCLES = SECONDS * MAINS_HZ;
const FFT_SIZE = 128;
/** Frames per push, as a terminal's source yields them. */
const BLOCK_FRAMES = 320;

/** What the analysis of a mains cycle costs on one core. */
export const signal: Benchmark = {
  name: 'signal',
  async run({ quick, progress }) {
    const runs = quick ? 5 : 15;
    const recording = recordBoard();
    const fft = createFft(FFT_SIZE);
    const input = [recording.voltageV, recording.currentA].map((channel) => channel.slice(0, FFT_SIZE));
    const [voltageV = new Float64Array(), currentA = new Float64Array()] = input;
    const re = new Float64Array(FFT_SIZE);
    const im = new Float64Array(FFT_SIZE);
    const rows = [
      measure('cycle analyser, V + I', runs, CYCLES, () => analyse(recording, false)),
      measure('cycle analyser, V + I + residual', runs, CYCLES, () => analyse(recording, true)),
      measure('cycle analyser + switch detector, V + I', runs, CYCLES, () => analyse(recording, false, true)),
      measure('FFT alone, 128 points, V + jI', runs, 20_000, () => {
        for (let i = 0; i < 20_000; i++) fft.forward(voltageV, currentA, re, im);
        return re[1] as number;
      }),
      measure('diagnose, V + I + residual', runs, CYCLES, () => {
        return diagnose({ ...recording, sampleRateHz: SAMPLE_RATE_HZ, mainsHz: MAINS_HZ }).length;
      }),
    ];
    progress(rows.map(([name, , , median]) => `${name}: ${median} cycles/s`).join('; '));
    return [tableOf(rows)];
  },
};

/** Ten seconds of a board with mixed loads, noise and distortion of its supply. */
function recordBoard(): Required<SampleBlock> {
  const scenario = parseCitySource(`city:normal?seed=7&circuits=1&sampleRateHz=${SAMPLE_RATE_HZ}`);
  const block = createScenarioBoard(scenario, Date.UTC(2026, 0, 5, 10)).next(SECONDS * SAMPLE_RATE_HZ);
  const [circuit] = block.circuits;
  if (circuit === undefined) throw new Error('the board has no circuit');
  return { voltageV: block.voltageV, currentA: circuit.currentA, residualCurrentMa: circuit.residualCurrentMa };
}

function analyse(recording: Required<SampleBlock>, residual: boolean, detects = false): number {
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: MAINS_HZ, residual });
  const detector = createSwitchEventDetector({ samplesPerCycle: analyser.samplesPerCycle });
  let cycles = 0;
  const onCycle: Parameters<typeof analyser.push>[1] = (reading, samples) => {
    cycles++;
    if (detects) detector.push(reading, samples, () => undefined);
  };
  for (let from = 0; from < recording.voltageV.length; from += BLOCK_FRAMES) {
    const cut = (channel: Float64Array): Float64Array => channel.subarray(from, from + BLOCK_FRAMES);
    const block = { voltageV: cut(recording.voltageV), currentA: cut(recording.currentA) };
    analyser.push(residual ? { ...block, residualCurrentMa: cut(recording.residualCurrentMa) } : block, onCycle);
  }
  analyser.flush(onCycle);
  if (cycles < CYCLES - 5) throw new Error(`${cycles} cycles analysed, about ${CYCLES} expected`);
  return cycles;
}

/** @returns name, n, and cycles/s min, median, max, and µs per cycle at the median. */
function measure(name: string, runs: number, cyclesPerRun: number, work: () => number): string[] {
  // Six runs warm the compiler up; what they return is used, so that nothing is optimised away.
  let kept = 0;
  for (let turn = 0; turn < 6; turn++) kept += work();
  const ratesPerS: number[] = [];
  for (let run = 0; run < runs; run++) {
    // CPU time, not wall time: what else the machine does is not the analysis's cost.
    const before = process.cpuUsage();
    kept += work();
    const { user, system } = process.cpuUsage(before);
    ratesPerS.push((cyclesPerRun * 1e6) / (user + system));
  }
  if (Number.isNaN(kept)) throw new Error(`${name} computed nothing`);
  const { n, min, median, max } = spreadOf(ratesPerS);
  return [name, String(n), rounded(min), rounded(median), rounded(max), rounded(1e6 / median)];
}

function tableOf(rows: readonly (readonly string[])[]): Table {
  return {
    title: 'Cycles per second of CPU time (6.4 kHz, 50 Hz: 128 samples per cycle, blocks of 50 ms)',
    columns: ['what', 'n', 'cycles/s min', 'median', 'max', 'µs per cycle'],
    rows,
    notes: [
      'The analyser locks, resamples and computes rms, power, THD and 40 harmonics of both channels; their magnitudes and phases are computed when somebody reads them.',
    ],
  };
}
