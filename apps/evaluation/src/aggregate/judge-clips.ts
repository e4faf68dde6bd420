import { fingerprintOf, type Recognition } from '@fengsui/fingerprint';
import { accuracy, confusionOf, macroF1 } from '../measures/classification.ts';
import { fingerprintAt } from '../recordings/appliance-model.ts';
import type { SwitchingClip } from '../recordings/switching-clips.ts';
import type { ClipModels } from './clip-models.ts';
import { detectSwitches, matchDetections } from './detect-switches.ts';

/** What the product said of one clip. A recognition is absent where no fingerprint could be made. */
export type JudgedClip = {
  readonly clip: SwitchingClip;
  readonly isKnown: boolean;
  readonly given: Recognition | undefined;
  readonly isFound: boolean;
  readonly found: Recognition | undefined;
  readonly falseDetections: readonly (Recognition | undefined)[];
};

export function judgeClip(clip: SwitchingClip, models: ClipModels): JudgedClip {
  const recogniser = models.recogniserOf(clip);
  const recognise = (...states: Parameters<typeof fingerprintOf>): Recognition | undefined => {
    const fingerprint = fingerprintOf(...states);
    return fingerprint.kind === 'fingerprint' ? recogniser.recognise(fingerprint) : undefined;
  };
  const fingerprint = fingerprintAt(clip.cycles, clip.eventCycle);
  const { hit, falseOnes } = matchDetections(detectSwitches(clip), clip.eventCycle);
  return {
    clip,
    isKnown: models.knownLabels.has(clip.target),
    given: fingerprint && recogniser.recognise(fingerprint),
    isFound: hit !== undefined,
    found: hit && recognise(hit.event),
    falseDetections: falseOnes.map(({ event }) => recognise(event)),
  };
}

/** Detection over all clips; NaN where nothing is divided. */
export function detectionScores(judged: readonly JudgedClip[]) {
  const hits = judged.filter(({ isFound }) => isFound).length;
  const falseOnes = judged.reduce((sum, { falseDetections }) => sum + falseDetections.length, 0);
  return {
    eventPrecision: hits / (hits + falseOnes),
    eventRecall: hits / judged.length,
    eventF1: (2 * hits) / (judged.length + hits + falseOnes),
  };
}

const nothing = 'no fingerprint';

/** Accuracy of the load over clips whose target the training folder knows. Without a fingerprint the answer is wrong. */
export function loadScores(judged: readonly JudgedClip[], answer: (clip: JudgedClip) => Recognition | undefined) {
  const known = judged.filter(({ isKnown }) => isKnown);
  const truth = known.map(({ clip }) => clip.target);
  const answers = known.map((clip) => answer(clip)?.types[0]?.type ?? nothing);
  return {
    accuracy: accuracy(truth, answers),
    macroF1: macroF1(truth, answers),
    confusion: confusionOf(truth, answers),
  };
}

/**
 * Names the product would show. Events are all detections: a false one that gets a name is named wrongly, and so is a
 * load that the training folder does not know.
 */
export function namingScores(judged: readonly JudgedClip[]) {
  let events = 0;
  let named = 0;
  let wrong = 0;
  const count = (recognition: Recognition | undefined, truth: string | undefined): void => {
    events++;
    const level = recognition?.named?.level;
    if (level !== 'type' && level !== 'device') return;
    named++;
    if (recognition?.named?.name !== truth) wrong++;
  };
  for (const { clip, isFound, found, falseDetections } of judged) {
    if (isFound) count(found, clip.target);
    for (const recognition of falseDetections) count(recognition, undefined);
  }
  return { namedShare: named / events, wrongNameRate: wrong / named };
}

/** Given event, by number of loads behind; and what was found there. */
export function scoresByBackground(judged: readonly JudgedClip[]): Record<string, Record<string, number>> {
  const counts = [...new Set(judged.map(({ clip }) => clip.background.length))].sort((a, b) => a - b);
  return Object.fromEntries(
    counts.map((count) => {
      const part = judged.filter(({ clip }) => clip.background.length === count);
      const given = loadScores(part, ({ given: recognition }) => recognition);
      const { eventRecall, eventPrecision } = detectionScores(part);
      const scores = { accuracyGivenEvent: given.accuracy, macroF1GivenEvent: given.macroF1 };
      return [`${count} behind`, { clips: part.length, ...scores, eventRecall, eventPrecision }];
    }),
  );
}
