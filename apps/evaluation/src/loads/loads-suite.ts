import { resolve } from 'node:path';
import { createRecogniser, expectedCalibrationError, type Recognition } from '@fengsui/fingerprint';
import { requireFolder } from '../folder/require-folder.ts';
import { auroc } from '../measures/auroc.ts';
import { accuracy, confusionOf, labelScores, macroF1 } from '../measures/classification.ts';
import { trainApplianceModel } from '../recordings/appliance-model.ts';
import { readApplianceFolder, recordingKey, type ApplianceRecording } from '../recordings/appliance-recordings.ts';
import { recordingFolds } from '../recordings/recording-folds.ts';
import { createSwitchings } from '../recordings/single-switching.ts';
import { EvaluationError, knownMetrics, type Progress, type Report, type Suite, type SuiteRequest } from '../suite.ts';
import { judgeShipped } from './shipped-judgement.ts';

/** Single loads: each recording as a load switched alone. */
export const loadsSuite: Suite = {
  name: 'loads',
  summary: 'single loads by recording (hfhad-c); the same devices on both sides',
  folders: { train: 'required', test: 'required' },
  run: evaluateLoads,
};

const foldCount = 5;
/** Alone, and without noise added: single loads are recorded alone. */
const alone = { perRecording: 2, mostBackground: 0, noiseA: 0.002 };

type Judged = {
  readonly recording: ApplianceRecording;
  readonly isKnown: boolean;
  readonly recognition: Recognition | undefined;
};

async function evaluateLoads(request: SuiteRequest, progress: Progress): Promise<Report> {
  const trainDir = requireFolder(request.trainDir, '--train');
  const testDir = requireFolder(request.testDir, '--test');
  const isSame = resolve(trainDir) === resolve(testDir);
  const train = await readApplianceFolder(trainDir);
  const test = isSame ? train : await readApplianceFolder(testDir);
  progress(`${train.recordings.length} recordings to train on, ${test.recordings.length} to judge`);
  const judged = isSame
    ? byFolds(train.recordings, request.seed, progress)
    : byFolders(train.recordings, test.recordings, request.seed);
  const known = judged.filter(({ isKnown }) => isKnown);
  if (known.length === 0)
    throw new EvaluationError('no recording of the test folder has a label the training folder knows');
  const truth = known.map(({ recording }) => recording.label);
  const answers = known.map(({ recognition }) => recognition?.types[0]?.type ?? 'no fingerprint');
  const confidence = known.map(({ recognition }) => Math.min(1, recognition?.types[0]?.probability ?? 0));
  progress('the shipped model, which learned from none of them');
  const shipped = judgeShipped(test.recordings, createSwitchings(test.recordings, 0, request.seed));
  const scores = (wanted: boolean): number[] =>
    judged.flatMap(({ isKnown, recognition }) => (isKnown === wanted && recognition ? [recognition.unknownScore] : []));
  return {
    suite: 'loads',
    split: isSame
      ? `cross-validation, ${foldCount} folds by recording (label + rec)`
      : 'trained on one folder, judged on the other; recordings (label + rec) in both are not trained on',
    train: trainDir,
    test: testDir,
    recordings: test.recordings.length,
    groups: new Set(test.recordings.map(recordingKey)).size,
    skipped: isSame ? train.skipped : [...train.skipped, ...test.skipped],
    seed: request.seed,
    model: { id: 'appliances-evaluation', schemaVersion: 1 },
    metrics: knownMetrics({
      typeAccuracy: accuracy(truth, answers),
      typeMacroF1: macroF1(truth, answers),
      calibrationError: expectedCalibrationError(
        confidence,
        answers.map((answer, i) => (answer === truth[i] ? 1 : 0)),
      ),
      unknownAuroc: auroc(scores(false), scores(true)),
      ...naming(judged),
      shippedFamilyAccuracy: shipped.familyAccuracy,
      shippedNamedShare: shipped.namedShare,
      shippedTypeNamedShare: shipped.typeNamedShare,
      shippedWrongNameRate: shipped.wrongNameRate,
    }),
    baseline: {},
    bars: [],
    perLabel: Object.fromEntries(labelScores(truth, answers).map(({ label, ...row }) => [label, row])),
    notes: [
      'one device per label: this shows that a device is recognised again, not that its type is',
      'each recording is judged as one switching, alone on the circuit',
      'shipped…: the model of the product, learned from simulated loads alone, nothing enrolled; named: family or type; wrong: by family',
    ],
    details: { confusion: confusionOf(truth, answers), shipped: shipped.perLabel },
  };
}

function byFolds(recordings: readonly ApplianceRecording[], seed: number, progress: Progress): Judged[] {
  const folds = recordingFolds(recordings, foldCount);
  return Array.from({ length: foldCount }, (_, fold) => {
    progress(`fold ${fold + 1} of ${foldCount}`);
    const isTested = (recording: ApplianceRecording): boolean => folds.get(recordingKey(recording)) === fold;
    return judge(
      recordings.filter((recording) => !isTested(recording)),
      recordings.filter(isTested),
      seed,
    );
  }).flat();
}

function byFolders(train: readonly ApplianceRecording[], test: readonly ApplianceRecording[], seed: number): Judged[] {
  const tested = new Set(test.map(recordingKey));
  const kept = train.filter((recording) => !tested.has(recordingKey(recording)));
  return judge(kept, test, seed);
}

function judge(train: readonly ApplianceRecording[], test: readonly ApplianceRecording[], seed: number): Judged[] {
  const labels = new Set(train.map(({ label }) => label));
  const recogniser = createRecogniser(trainApplianceModel(train, alone, seed));
  const switchings = createSwitchings(test, 0, seed + 1);
  return test.map((recording) => {
    const fingerprint = switchings(recording);
    const recognition = fingerprint && recogniser.recognise(fingerprint);
    return { recording, isKnown: labels.has(recording.label), recognition };
  });
}

function naming(judged: readonly Judged[]) {
  const named = judged.filter(({ recognition }) => recognition?.named?.level === 'type');
  const wrong = named.filter(({ recording, recognition }) => recognition?.named?.name !== recording.label);
  return { namedShare: named.length / judged.length, wrongNameRate: wrong.length / named.length };
}
