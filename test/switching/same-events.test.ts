import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createScenarioBoard, parseCitySource } from '@fengsui/city';
import { createBoardCycleAnalyser, type CycleReading, type CycleSamples, type SwitchEvent } from '@fengsui/signal';
import { createSwitchEventDetectorOn } from '../../packages/signal/src/switch-event-detector.ts';
import { createStepSearch } from '../../packages/signal/src/switching/step-search.ts';
import { createPlainStepSearch } from './plain-step-search.ts';

const SAMPLE_RATE_HZ = 6400;
type Cycle = readonly [CycleReading, CycleSamples];

/** A scenario of the simulator, cycle by cycle. */
function cyclesOf(source: string, seconds: number): Cycle[] {
  const board = createScenarioBoard(parseCitySource(`city:${source}`), Date.UTC(2026, 0, 5, 10));
  const analyser = createBoardCycleAnalyser({ sampleRateHz: SAMPLE_RATE_HZ, mainsHz: 50, circuits: [{}] });
  const cycles: Cycle[] = [];
  const { voltageV, circuits } = board.next(seconds * SAMPLE_RATE_HZ);
  analyser.push(
    { voltageV, circuits: circuits.map(({ currentA }) => ({ currentA })) },
    (_circuit, reading, samples) => {
      cycles.push([reading, { voltageV: samples.voltageV.slice(), currentA: samples.currentA.slice() }]);
    },
  );
  return cycles;
}

function eventsOf(cycles: readonly Cycle[], createSearch: typeof createStepSearch): SwitchEvent[] {
  const detector = createSwitchEventDetectorOn(createSearch, { samplesPerCycle: 128 });
  const events: SwitchEvent[] = [];
  const keep = (event: SwitchEvent): void => void events.push(event);
  for (const [reading, samples] of cycles) detector.push(reading, samples, keep);
  detector.flush(keep);
  return events;
}

const recordings = [
  { what: 'switched loads', source: 'loads', seconds: 24, least: 4 },
  { what: 'a load that pulses', source: 'pulsingHob', seconds: 20, least: 2 },
  { what: 'a series arc', source: 'arc', seconds: 20, least: 3 },
  { what: 'a charger that starts softly', source: 'eBike', seconds: 20, least: 1 },
];

for (const { what, source, seconds, least } of recordings) {
  for (const seed of [3, 11]) {
    test(`a search that compares every cycle in full leads to the same events, number for number: ${what}, seed ${seed}`, () => {
      const cycles = cyclesOf(`${source}?seed=${seed}&circuits=1&sampleRateHz=${SAMPLE_RATE_HZ}`, seconds);
      const events = eventsOf(cycles, createStepSearch);
      assert.ok(events.length >= least, `${events.length} events`);
      assert.deepEqual(events, eventsOf(cycles, createPlainStepSearch));
    });
  }
}
