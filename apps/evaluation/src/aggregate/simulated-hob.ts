import { RandomStream, renderCircuit, sampleLoad } from '@fengsui/city';
import type { CycleWaves } from '@fengsui/fingerprint';
import { createCycleAnalyser } from '@fengsui/signal';
import type { ApplianceRecording } from '../recordings/appliance-recordings.ts';
import type { SwitchingClip } from '../recordings/switching-clips.ts';

const hobLabel = 'simulated induction hob';
/** Hobs rendered per evaluation; clips take turns among them, each from another place on. */
const hobCount = 16;
const renderedMs = 7500;
/** A hob first looks for a pan and ramps up: the clips are cut from behind that. */
const settledMs = 5000;

/** The same clips with a simulated pulsing induction hob running behind all of them. */
export function clipsWithSimulatedHob(clips: readonly SwitchingClip[], seed: number): SwitchingClip[] {
  const [first] = clips;
  if (first === undefined) return [];
  const points = first.cycles[0]?.currentA.length ?? 0;
  const hobs = simulatedHobs(seed, first.mainsHz, points);
  const random = new RandomStream(seed, 'evaluate/simulatedHob');
  return clips.map((clip, i) => {
    const hob = hobs[i % hobs.length]?.cycles ?? [];
    const start = pulsingStart(hob, clip.cycles.length, random);
    const cycles = clip.cycles.map(({ voltageV, currentA }, k): CycleWaves => {
      const other = hob[start + k]?.currentA;
      return { voltageV, currentA: currentA.map((value, n) => value + (other?.[n] ?? 0)) };
    });
    return { ...clip, background: [...clip.background, { label: hobLabel, rec: i % hobCount }], cycles };
  });
}

/** Pulsing hobs as recordings that can run behind a switching; another seed gives other hobs. */
export function simulatedHobs(seed: number, mainsHz: 50 | 60, points: number): ApplianceRecording[] {
  return Array.from({ length: hobCount }, (_, rec) => {
    return { id: `${hobLabel} ${rec}`, label: hobLabel, rec, cycles: renderHob(seed + rec, mainsHz, points) };
  });
}

function renderHob(seed: number, mainsHz: 50 | 60, points: number): CycleWaves[] {
  const random = new RandomStream(seed, 'evaluate/hob');
  const drawn = sampleLoad('inductionHob', random);
  if (drawn.kind !== 'inductionHob') throw new Error(`the induction hob of the simulator is ${drawn.kind}`);
  // Every second hob of the simulator heats without a break; behind a clip it must pulse, within the clip's 0.8 s.
  const pulse = { periodMs: random.between(200, 900), dutyRatio: random.between(0.3, 0.7) };
  const spec = { ...drawn, id: 'hob', pulse, powerW: random.between(400, 1300) };
  const supply = { mainsHz, nominalV: 220 };
  const wave = renderCircuit({
    loads: [{ spec }],
    durationMs: renderedMs,
    seed,
    sampleRateHz: points * mainsHz,
    supply,
  });
  const cycles: CycleWaves[] = [];
  const analyser = createCycleAnalyser({ sampleRateHz: wave.sampleRateHz, mainsHz });
  const keep: Parameters<typeof analyser.push>[1] = (reading, { voltageV, currentA }) => {
    if (reading.locked && reading.startFrame > (settledMs / 1000) * wave.sampleRateHz) {
      cycles.push({ voltageV: voltageV.slice(), currentA: currentA.slice() });
    }
  };
  analyser.push(wave, keep);
  analyser.flush(keep);
  return cycles;
}

/** A window in which the hob is both on and off, at least three cycles each. */
function pulsingStart(hob: readonly CycleWaves[], length: number, random: RandomStream): number {
  const squares = hob.map(({ currentA }) => currentA.reduce((sum, value) => sum + value * value, 0));
  const middle = (Math.max(...squares) + Math.min(...squares)) / 2;
  for (let tries = 0; tries < 200; tries++) {
    const start = Math.floor(random.between(0, hob.length - length));
    const high = squares.slice(start, start + length).filter((value) => value > middle).length;
    if (high >= 3 && high <= length - 3) return start;
  }
  throw new Error('the simulated hob does not pulse within a clip');
}
