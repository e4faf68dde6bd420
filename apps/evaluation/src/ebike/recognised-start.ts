import { renderSwitching } from '@fengsui/city';
import type { LoadSpec } from '@fengsui/city';
import { createRecogniser, fingerprintOf, shippedModel } from '@fengsui/fingerprint';
import type { Recogniser } from '@fengsui/fingerprint';
import type { RecognisedSwitch } from '@fengsui/hazard';
import { createCycleAnalyser, createSwitchEventDetector } from '@fengsui/signal';
import type { SwitchEvent } from '@fengsui/signal';

/** A switching that was told about a device coming on; times in ms after the contact moved. */
export type RecognisedStart = {
  readonly afterMs: number;
  readonly toldAfterMs: number;
  readonly activePowerW: number;
  readonly families: RecognisedSwitch['families'];
};

const SAMPLE_RATE_HZ = 6400;
const SAMPLES_PER_CYCLE = 128;
const CYCLE_MS = 20;
const ON_AT_MS = 1500;
const DURATION_MS = 5500;
/** Events of the devices beside it are not its own. */
const EARLIEST_MS = -60;

let recogniser: Recogniser | undefined;

/**
 * Every switching-on that the chain of a terminal tells when a device comes on beside others: waveform, cycles, switch
 * events, fingerprint, the shipped model. None, when the detector misses it.
 */
export function recognisedStart(
  spec: LoadSpec,
  background: readonly LoadSpec[],
  seed: number,
): readonly RecognisedStart[] {
  const { voltageV, currentA } = renderSwitching({
    target: spec,
    background,
    onAtMs: ON_AT_MS,
    durationMs: DURATION_MS,
    seed,
    sampleRateHz: SAMPLE_RATE_HZ,
  });
  const model = (recogniser ??= createRecogniser(shippedModel()));
  const told: RecognisedStart[] = [];
  const take = (event: SwitchEvent): void => {
    const afterMs = (event.startFrame * 1000) / SAMPLE_RATE_HZ - ON_AT_MS;
    if (event.kind !== 'on' || afterMs < EARLIEST_MS) return;
    const fingerprint = fingerprintOf(event);
    told.push({
      afterMs,
      toldAfterMs: (event.decidedCycle + 1) * CYCLE_MS - ON_AT_MS,
      activePowerW: event.deltaActivePowerW,
      families: fingerprint.kind === 'fingerprint' ? model.recognise(fingerprint).families : [],
    });
  };
  const detector = createSwitchEventDetector({ samplesPerCycle: SAMPLES_PER_CYCLE });
  const analyser = createCycleAnalyser({
    sampleRateHz: SAMPLE_RATE_HZ,
    mainsHz: 50,
    samplesPerCycle: SAMPLES_PER_CYCLE,
  });
  analyser.push({ voltageV, currentA }, (reading, samples) => detector.push(reading, samples, take));
  return told;
}
