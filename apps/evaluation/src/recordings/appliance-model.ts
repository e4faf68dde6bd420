import {
  createRandom,
  differenceAround,
  featureVector,
  fingerprintOf,
  trainModel,
  type CurrentFingerprint,
  type CycleWaves,
  type Random,
  type RecognitionModel,
  type TrainingRow,
} from '@fengsui/fingerprint';
import { EvaluationError } from '../suite.ts';
import { applianceFamily } from './appliance-family.ts';
import { recordingKey, type ApplianceRecording } from './appliance-recordings.ts';
import { composeSwitching } from './composed-switching.ts';

/** Fingerprint of a load switched at a known cycle; undefined when the product says that there is none. */
export function fingerprintAt(cycles: readonly CycleWaves[], eventCycle: number): CurrentFingerprint | undefined {
  const fingerprint = fingerprintOf(differenceAround(cycles, eventCycle));
  return fingerprint.kind === 'fingerprint' ? fingerprint : undefined;
}

export type SwitchingRowsSettings = {
  /** Switchings composed of each recording. */
  readonly perRecording: number;
  readonly mostBackground: number;
  readonly noiseA: number;
  /** Loads that pulse, one of which runs behind a share of the switchings; default none. */
  readonly pulsing?: { readonly loads: readonly ApplianceRecording[]; readonly share: number };
};

/** Training switchings, each recording as target among others drawn from the same recordings. */
export function switchingRows(
  recordings: readonly ApplianceRecording[],
  settings: SwitchingRowsSettings,
  random: Random,
): TrainingRow[] {
  const rows: TrainingRow[] = [];
  for (const target of recordings) {
    const others = recordings.filter(({ label }) => label !== target.label);
    for (let i = 0; i < settings.perRecording; i++) {
      const background = drawBackground(others, settings.mostBackground, random);
      const pulsing = drawPulsing(settings, random);
      const { cycles, eventCycle } = composeSwitching(
        {
          target,
          background: pulsing === undefined ? background : [...background, pulsing],
          direction: random() < 0.5 ? 'on' : 'off',
          cyclesBefore: 12 + Math.floor(random() * 16),
          cyclesAfter: 12 + Math.floor(random() * 16),
          noiseA: settings.noiseA,
        },
        random,
      );
      const fingerprint = fingerprintAt(cycles, eventCycle);
      if (fingerprint === undefined) continue;
      rows.push({
        vector: featureVector(fingerprint),
        type: target.label,
        family: applianceFamily(target.label, fingerprint),
        group: recordingKey(target),
      });
    }
  }
  return rows;
}

/** A recognition model of the product, learned from these recordings alone. */
export function trainApplianceModel(
  recordings: readonly ApplianceRecording[],
  settings: SwitchingRowsSettings,
  seed: number,
): RecognitionModel {
  const rows = withOneFamily(switchingRows(recordings, settings, createRandom(seed)));
  if (new Set(rows.map(({ type }) => type)).size < 2) {
    throw new EvaluationError('fewer than two kinds of load are left to train on');
  }
  return trainModel(rows, {
    id: 'appliances-evaluation',
    version: '1',
    seed,
    card: {
      title: 'trained inside an evaluation, never shipped',
      trainedOn: 'recordings of the training folder',
      data: `${recordings.length} recordings, switchings composed of them (semi-synthetic)`,
      split: 'by recording (label + rec)',
      licence: 'not for distribution',
      limits: 'one device per label',
    },
  });
}

/** Up to `most` recordings of different labels. */
export function drawBackground(
  recordings: readonly ApplianceRecording[],
  most: number,
  random: Random,
): ApplianceRecording[] {
  const count = Math.floor(random() * (most + 1));
  const drawn = new Map<string, ApplianceRecording>();
  for (let tries = 0; drawn.size < count && tries < 50; tries++) {
    const recording = recordings[Math.floor(random() * recordings.length)];
    if (recording !== undefined && !drawn.has(recording.label)) drawn.set(recording.label, recording);
  }
  return [...drawn.values()];
}

function drawPulsing({ pulsing }: SwitchingRowsSettings, random: Random): ApplianceRecording | undefined {
  if (pulsing === undefined || random() >= pulsing.share) return undefined;
  return pulsing.loads[Math.floor(random() * pulsing.loads.length)];
}

/** A label without a known word may look resistive once and electronic once: the more frequent answer counts. */
function withOneFamily(rows: readonly TrainingRow[]): TrainingRow[] {
  const counts = new Map<string, Map<TrainingRow['family'], number>>();
  for (const { type, family } of rows) {
    const own = counts.get(type) ?? new Map<TrainingRow['family'], number>();
    counts.set(type, own.set(family, (own.get(family) ?? 0) + 1));
  }
  return rows.map((row) => {
    const own = [...(counts.get(row.type) ?? [])].sort((a, b) => b[1] - a[1]);
    return { ...row, family: own[0]?.[0] ?? row.family };
  });
}
