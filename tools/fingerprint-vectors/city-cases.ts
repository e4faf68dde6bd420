import { loadTypes, RandomStream, renderSwitching, sampleLoad } from '../../packages/city/src/index.ts';
import { createCycleAnalyser, createSwitchEventDetector, type SwitchEvent } from '../../packages/signal/src/index.ts';
import type { VectorCase } from './vector-case.ts';
import { isRobust } from './vector-of.ts';

const SAMPLE_RATE_HZ = 6400;
const ON_AT_MS = 1000;
const OFF_AT_MS = 3500;
const MOST_DRAWS = 12;

/** Switchings of simulated loads as the detector tells them, every third one of a switch-off. Same arguments, same cases. */
export function cityCases(seed: number, count: number, onProgress: (line: string) => void): VectorCase[] {
  const cases: VectorCase[] = [];
  for (let turn = 0; cases.length < count; turn++) {
    for (const { type } of loadTypes) {
      if (cases.length >= count) break;
      const kind = cases.length % 3 === 2 ? 'off' : 'on';
      const found = firstEvent(seed + 100 * turn, type, kind);
      if (found === undefined) {
        onProgress(`${type}: no ${kind} event that a float32 computation could not change`);
        continue;
      }
      const id = `city-${String(cases.length + 1).padStart(2, '0')}`;
      const { differenceErrorA: _error, ...sure } = found;
      // A source need not tell its noise: half of them do.
      cases.push({ id, made: { kind: 'city', name: type }, states: cases.length % 2 === 0 ? found : sure });
    }
  }
  return cases;
}

function firstEvent(seed: number, type: Parameters<typeof sampleLoad>[0], kind: 'on' | 'off'): SwitchEvent | undefined {
  for (let draw = 0; draw < MOST_DRAWS; draw++) {
    const event = eventsOf(seed + draw, type).find((one) => one.kind === kind);
    if (event !== undefined && isRobust(event)) return event;
  }
  return undefined;
}

function eventsOf(seed: number, type: Parameters<typeof sampleLoad>[0]): SwitchEvent[] {
  const random = new RandomStream(seed, `golden/${type}`);
  const wave = renderSwitching({
    target: { ...sampleLoad(type, random), id: 'target' },
    background: seed % 2 === 0 ? [] : [{ ...sampleLoad('television', random), id: 'other' }],
    seed,
    sampleRateHz: SAMPLE_RATE_HZ,
    durationMs: 5000,
    onAtMs: ON_AT_MS,
    offAtMs: OFF_AT_MS,
  });
  const mainsHz = wave.mainsHz === 60 ? 60 : 50;
  const analyser = createCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz });
  const detector = createSwitchEventDetector({ samplesPerCycle: 128 });
  const events: SwitchEvent[] = [];
  const onCycle: Parameters<typeof analyser.push>[1] = (reading, samples) =>
    detector.push(reading, samples, (event) => events.push(event));
  analyser.push(wave, onCycle);
  analyser.flush(onCycle);
  detector.flush((event) => events.push(event));
  return events;
}
