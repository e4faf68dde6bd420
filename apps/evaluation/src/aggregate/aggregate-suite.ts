import { requireFolder } from '../folder/require-folder.ts';
import { readApplianceFolder } from '../recordings/appliance-recordings.ts';
import { readSwitchingClips, type SwitchingClip } from '../recordings/switching-clips.ts';
import { auroc } from '../measures/auroc.ts';
import { bar, knownMetrics, type Progress, type Report, type Suite, type SuiteRequest } from '../suite.ts';
import { trainClipModels, type ClipModels } from './clip-models.ts';
import {
  detectionScores,
  judgeClip,
  loadScores,
  namingScores,
  scoresByBackground,
  type JudgedClip,
} from './judge-clips.ts';
import { clipsWithSimulatedHob } from './simulated-hob.ts';

/** One load switched while others run: is it found, is it named? */
export const aggregateSuite: Suite = {
  name: 'aggregate',
  summary: 'events and loads among others (train hfhad-c, test hfhad-c-aggregate)',
  folders: { train: 'required', test: 'required' },
  options: {
    'with-simulated-hob': {
      type: 'boolean',
      description: 'judge all clips again with a simulated pulsing induction hob behind them',
    },
  },
  run: evaluateAggregate,
};

async function evaluateAggregate(request: SuiteRequest, progress: Progress): Promise<Report> {
  const trainDir = requireFolder(request.trainDir, '--train');
  const testDir = requireFolder(request.testDir, '--test');
  const { recordings, skipped } = await readApplianceFolder(trainDir);
  const clips = await readSwitchingClips(testDir);
  progress(`${recordings.length} recordings, ${clips.length} clips`);
  const models = trainClipModels(recordings, clips, request.seed, progress);
  const judged = judgeAll(clips, models, progress);
  const known = judged.filter(({ isKnown }) => isKnown);
  const detection = detectionScores(judged);
  const given = loadScores(judged, (clip) => clip.given);
  const found = judged.filter(({ isFound }) => isFound);
  const detected = loadScores(found, (clip) => clip.found);
  const naming = namingScores(judged);
  const hob = judged.filter(({ clip }) => clip.background.some(({ label }) => label.includes('induction')));
  const hobRecall = hob.length === 0 ? undefined : detectionScores(hob).eventRecall;
  const hobLoadAccuracy = hob.length === 0 ? undefined : loadScores(hob, (clip) => clip.given).accuracy;
  const simulated = request.flags['with-simulated-hob'] === true ? simulate(clips, models, request.seed, progress) : {};
  return {
    suite: 'aggregate',
    split: models.split,
    train: trainDir,
    test: testDir,
    recordings: clips.length,
    groups: new Set(clips.map(({ target, targetRec }) => `${target}#${targetRec}`)).size,
    skipped,
    seed: request.seed,
    model: { id: 'appliances-evaluation', schemaVersion: 1 },
    metrics: knownMetrics({
      ...detection,
      loadAccuracyGivenEvent: given.accuracy,
      loadMacroF1GivenEvent: given.macroF1,
      loadAccuracyDetected: detected.accuracy,
      loadAccuracyOfAllClips: (detected.accuracy * found.filter(({ isKnown }) => isKnown).length) / known.length,
      ...naming,
      hobRecall,
      hobLoadAccuracy,
      unknownAuroc: unknownAuroc(judged),
      ...simulated,
    }),
    baseline: {
      source: 'a plain detector and a forest, as the task states them',
      loadAccuracyGivenEvent: 0.99,
      hobLoadAccuracy: 0.944,
    },
    bars: [
      bar('loadAccuracyGivenEvent', given.accuracy, 0.99, 0.995),
      bar('eventF1', detection.eventF1, 0.92, 0.97),
      bar('eventPrecision', detection.eventPrecision, 0.98, 0.99),
      ...(hob.length === 0
        ? []
        : [bar('hobRecall', hobRecall, 0.7, 0.9), bar('hobLoadAccuracy', hobLoadAccuracy, 0.95, 0.98)]),
      bar('namedShare', naming.namedShare, 0.7, 0.7),
      bar('wrongNameRate', naming.wrongNameRate, 0.03, 0.01, { lowerIsBetter: true }),
    ],
    perTest: scoresByBackground(judged),
    notes: [
      'semi-synthetic: recorded single loads added up; no inrush, no voltage drop; the event is at a cycle boundary',
      'loadAccuracyDetected: over the events found; loadAccuracyOfAllClips counts a missed event as a wrong load',
      ...(Object.keys(simulated).length > 0
        ? ['simulatedHob…: a hob of the product’s own simulator behind each clip']
        : []),
    ],
    details: { confusionGivenEvent: given.confusion, confusionDetected: detected.confusion, missed: missedOf(judged) },
  };
}

function judgeAll(clips: readonly SwitchingClip[], models: ClipModels, progress: Progress): JudgedClip[] {
  return clips.map((clip, i) => {
    if ((i + 1) % 400 === 0) progress(`${i + 1} of ${clips.length} clips`);
    return judgeClip(clip, models);
  });
}

function simulate(clips: readonly SwitchingClip[], models: ClipModels, seed: number, progress: Progress) {
  progress('the same clips with a simulated pulsing hob behind');
  const judged = judgeAll(clipsWithSimulatedHob(clips, seed), models, progress);
  const { eventRecall, eventPrecision } = detectionScores(judged);
  return {
    simulatedHobRecall: eventRecall,
    simulatedHobPrecision: eventPrecision,
    simulatedHobLoadAccuracy: loadScores(judged, (clip) => clip.given).accuracy,
  };
}

/** Absent when every target is known. */
function unknownAuroc(judged: readonly JudgedClip[]): number | undefined {
  const scores = (isKnown: boolean): number[] =>
    judged.flatMap((clip) => (clip.isKnown === isKnown && clip.given ? [clip.given.unknownScore] : []));
  const area = auroc(scores(false), scores(true));
  return Number.isNaN(area) ? undefined : area;
}

function missedOf(judged: readonly JudgedClip[]): Record<string, number> {
  const missed: Record<string, number> = {};
  for (const { clip, isFound } of judged) {
    if (!isFound) missed[`${clip.target} ${clip.direction}`] = (missed[`${clip.target} ${clip.direction}`] ?? 0) + 1;
  }
  return missed;
}
