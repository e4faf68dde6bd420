import { beginCircuit, RandomStream, sampleSupply } from '@fengsui/city';
import {
  createLoadTracker,
  createRecogniser,
  fingerprintOf,
  observedSwitchOf,
  shippedModel,
} from '@fengsui/fingerprint';
import {
  createChargingRecogniser,
  createProhibitedLoads,
  defaultProhibitedPolicy,
  readingOfMean,
} from '@fengsui/hazard';
import { createCycleAnalyser, createSwitchEventDetector, meanReading } from '@fengsui/signal';
import type { CycleReading } from '@fengsui/signal';
import { culpritOf } from './waveform-culprit.ts';
import type { ConfirmedFinding, WaveformCulprit } from './waveform-culprit.ts';
import { planLoads } from './waveform-loads.ts';

/** What the whole chain of a terminal told about one stretch of waveform. */
export type WaveformResult = {
  readonly simulatedS: number;
  readonly switchEvents: number;
  /** Findings about charging on circuits without a charger of a vehicle, by stage. */
  readonly tentative: number;
  readonly confirmed: number;
  readonly loads: readonly string[];
  /** What was behind each confirmed one. */
  readonly culprits: readonly WaveformCulprit[];
};

export type WaveformRequest = { readonly seed: number; readonly durationS: number };

const SAMPLE_RATE_HZ = 6400;
const CYCLES_PER_SECOND = 50;
const SAMPLES_PER_CYCLE = 128;
const LONGEST_PIECE_S = 3600;

/**
 * One hour or less of a circuit as waveform through the whole chain: cycles, switch events, fingerprints, load tracker,
 * charging recogniser, prohibited loads. Two to six loads are switched at random instants; every second of it is
 * simulated, quiet ones too.
 */
export function runWaveform({ seed, durationS }: WaveformRequest): WaveformResult {
  const random = new RandomStream(seed, 'waveform');
  const pieceS = Math.min(durationS, LONGEST_PIECE_S);
  const loads = planLoads(random, new RandomStream(seed, 'courses'), pieceS);
  const stream = beginCircuit({
    loads,
    seed,
    sampleRateHz: SAMPLE_RATE_HZ,
    supply: sampleSupply(random),
  });
  const chain = createChain();
  const voltageV = new Float64Array(SAMPLE_RATE_HZ / 10);
  const currentA = new Float64Array(SAMPLE_RATE_HZ / 10);
  for (let piece = 0; piece < pieceS * 10; piece++) {
    stream.read(voltageV, currentA);
    chain.push(voltageV, currentA);
  }
  const { confirmed, ...result } = chain.result();
  const culprits = confirmed.map((finding) => culpritOf(finding, loads, seed));
  return {
    simulatedS: pieceS,
    ...result,
    confirmed: confirmed.length,
    loads: loads.map(({ spec }) => spec.id),
    culprits,
  };
}

type ChainResult = Pick<WaveformResult, 'switchEvents' | 'tentative'> & {
  readonly confirmed: readonly ConfirmedFinding[];
};

/** The engine of one circuit as a terminal puts it together. */
function createChain(): {
  push: (voltageV: Float64Array, currentA: Float64Array) => void;
  result: () => ChainResult;
} {
  const analyser = createCycleAnalyser({
    sampleRateHz: SAMPLE_RATE_HZ,
    mainsHz: 50,
    samplesPerCycle: SAMPLES_PER_CYCLE,
  });
  const detector = createSwitchEventDetector({ samplesPerCycle: SAMPLES_PER_CYCLE });
  const recogniser = createRecogniser(shippedModel());
  const tracker = createLoadTracker();
  const charging = createChargingRecogniser();
  const place = { circuit: 'c1', venueClass: 'nineSmall' };
  const prohibited = createProhibitedLoads({ policy: defaultProhibitedPolicy, place });
  const told = new Set<string>();
  const confirmed = new Map<string, ConfirmedFinding>();
  let switchEvents = 0;
  let readings: CycleReading[] = [];
  const second = (): void => {
    const mean = meanReading(readings);
    const last = readings.at(-1);
    readings = [];
    if (last === undefined || !mean.locked) return;
    const at = ((last.startFrame + last.frameCount) * 1000) / SAMPLE_RATE_HZ;
    const { activePowerW, reactivePowerVar } = mean;
    tracker.read({ at, durationMs: (mean.cycleCount * 1000) / CYCLES_PER_SECOND, activePowerW, reactivePowerVar });
    charging.read(readingOfMean(mean, at));
    // Noon: no rule of the night applies, charging is forbidden at all hours.
    prohibited.read({ at, minuteOfDay: 720, loads: tracker.loads(), charging: charging.opinions() });
    for (const { use, loadId, stage, activePowerW: ownW, onForMs } of prohibited.findings()) {
      if (use !== 'eBikeCharging') continue;
      told.add(loadId);
      if (stage !== 'tentative' && !confirmed.has(loadId)) confirmed.set(loadId, { at, activePowerW: ownW, onForMs });
    }
  };
  return {
    push(voltageV, currentA) {
      analyser.push({ voltageV, currentA }, (reading, samples) => {
        readings.push(reading);
        const { startFrame, frameCount, activePowerW } = reading;
        charging.cycle(((startFrame + frameCount) * 1000) / SAMPLE_RATE_HZ, activePowerW);
        detector.push(reading, samples, (event) => {
          switchEvents++;
          const fingerprint = fingerprintOf(event);
          const recognition = fingerprint.kind === 'fingerprint' ? recogniser.recognise(fingerprint) : undefined;
          const observed = observedSwitchOf(event, (event.startFrame * 1000) / SAMPLE_RATE_HZ);
          tracker.tell(observed, recognition);
          if (event.kind === 'on') charging.switched({ ...observed, families: recognition?.families ?? [] });
        });
        if (readings.length >= CYCLES_PER_SECOND) second();
      });
    },
    result: () => ({ switchEvents, tentative: told.size, confirmed: [...confirmed.values()] }),
  };
}
