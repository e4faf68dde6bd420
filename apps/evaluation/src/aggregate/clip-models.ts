import type { Recogniser } from '@fengsui/fingerprint';
import { createRecogniser } from '@fengsui/fingerprint';
import { recordingKey, type ApplianceRecording } from '../recordings/appliance-recordings.ts';
import { trainApplianceModel, type SwitchingRowsSettings } from '../recordings/appliance-model.ts';
import { recordingFolds } from '../recordings/recording-folds.ts';
import type { SwitchingClip } from '../recordings/switching-clips.ts';
import type { Progress } from '../suite.ts';
import { simulatedHobs } from './simulated-hob.ts';

/** A recogniser for each clip that never saw the clip's target recording. */
export type ClipModels = {
  readonly split: string;
  readonly trainedRecordings: number;
  readonly knownLabels: ReadonlySet<string>;
  recogniserOf(clip: SwitchingClip): Recogniser;
};

/**
 * How training switchings are composed: as many others and as much noise as the clips' own description says, and a
 * simulated pulsing hob behind every third, for the folder to train on may hold no load that pulses.
 */
function clipLike(mainsHz: 50 | 60, points: number, seed: number): SwitchingRowsSettings {
  const pulsing = { loads: simulatedHobs(seed + trainingSeed, mainsHz, points), share: 1 / 3 };
  return { perRecording: 3, mostBackground: 4, noiseA: 0.012, pulsing };
}

/** Far from the seeds of the hobs that clips are judged with. */
const trainingSeed = 500_000;

const foldCount = 5;
/** A label is learned from at least this many recordings; below, folds are used instead. */
const leastRecordings = 5;

/**
 * Trains without the recordings that the clips cite. When the clips cite so many that a label would keep fewer than 5,
 * trains in 5 folds instead: a clip is judged by a model that saw none of its target's fold; recordings that run behind
 * a clip may then be known, but the difference that is judged no longer holds them.
 */
export function trainClipModels(
  recordings: readonly ApplianceRecording[],
  clips: readonly SwitchingClip[],
  seed: number,
  progress: Progress,
): ClipModels {
  const knownLabels = new Set(recordings.map(({ label }) => label));
  const cited = citedKeys(clips);
  const [first] = clips;
  const settings = clipLike(first?.mainsHz ?? 50, first?.cycles[0]?.currentA.length ?? 128, seed);
  const uncited = recordings.filter((recording) => !cited.has(recordingKey(recording)));
  const counts = new Map<string, number>();
  for (const { label } of uncited) counts.set(label, (counts.get(label) ?? 0) + 1);
  if ([...knownLabels].every((label) => (counts.get(label) ?? 0) >= leastRecordings)) {
    progress(`training on ${uncited.length} recordings that no clip cites`);
    const recogniser = createRecogniser(trainApplianceModel(uncited, settings, seed));
    return {
      split: `trained on the ${uncited.length} recordings (label + rec) that no clip cites`,
      trainedRecordings: uncited.length,
      knownLabels,
      recogniserOf: () => recogniser,
    };
  }
  const folds = recordingFolds(recordings, foldCount);
  const recognisers = Array.from({ length: foldCount }, (_, fold) => {
    const kept = recordings.filter((recording) => folds.get(recordingKey(recording)) !== fold);
    progress(`fold ${fold + 1} of ${foldCount}: training on ${kept.length} recordings`);
    return createRecogniser(trainApplianceModel(kept, settings, seed));
  });
  return {
    split: `the clips cite ${cited.size} recordings and leave too few: ${foldCount} folds by target recording (label + rec); a clip's target is never trained on, its background may be`,
    trainedRecordings: recordings.length,
    knownLabels,
    recogniserOf: ({ target, targetRec }) => {
      // A target that the training folder does not hold was trained on by no fold.
      const fold = folds.get(recordingKey({ label: target, rec: targetRec })) ?? 0;
      const recogniser = recognisers[fold];
      if (recogniser === undefined) throw new RangeError(`no model for fold ${fold}`);
      return recogniser;
    },
  };
}

function citedKeys(clips: readonly SwitchingClip[]): Set<string> {
  return new Set(
    clips.flatMap(({ target, targetRec, background }) => {
      return [{ label: target, rec: targetRec }, ...background].map(recordingKey);
    }),
  );
}
