import { resolve } from 'node:path';
import { createRandom } from '@fengsui/fingerprint';
import { requireFolder } from '../folder/require-folder.ts';
import { readApplianceFolder, recordingKey, type ApplianceRecording } from '../recordings/appliance-recordings.ts';
import { createSwitchings } from '../recordings/single-switching.ts';
import {
  bar,
  knownMetrics,
  SuiteUsageError,
  type Progress,
  type Report,
  type Suite,
  type SuiteRequest,
} from '../suite.ts';
import { enrolModel } from './enrol-model.ts';
import { enrolRound, type EnrolCounts, type EnrolRound } from './enrol-rounds.ts';

/** Enrolment on site: a device confirmed once, twice, three times must be known again. */
export const enrolSuite: Suite = {
  name: 'enrol',
  summary: 'devices known again after 1, 2, 3 confirmed switchings (hfhad-c)',
  folders: { train: 'required', test: 'required' },
  options: {
    model: { type: 'string', description: 'a model file instead of the shipped model' },
    draws: { type: 'string', description: 'how often the confirmed recordings are drawn anew', default: '10' },
  },
  run: evaluateEnrolment,
};

async function evaluateEnrolment(request: SuiteRequest, progress: Progress): Promise<Report> {
  const trainDir = requireFolder(request.trainDir, '--train');
  const testDir = requireFolder(request.testDir, '--test');
  const isSame = resolve(trainDir) === resolve(testDir);
  const draws = drawsOf(request.flags['draws']);
  const file = request.flags['model'];
  const model = await enrolModel(typeof file === 'string' ? file : undefined);
  const train = await readApplianceFolder(trainDir);
  const test = isSame ? train : await readApplianceFolder(testDir);
  const confirmFrom = train.recordings;
  const judgeFrom = isSame ? confirmFrom : judgeable(confirmFrom, test.recordings);
  progress(`${confirmFrom.length} recordings to confirm from, ${judgeFrom.length} to judge, ${draws} draws`);
  const all = isSame ? confirmFrom : [...confirmFrom, ...judgeFrom];
  const alone = { model, confirmFrom, judgeFrom, switchings: createSwitchings(all, 0, request.seed) };
  const among = { ...alone, switchings: createSwitchings(all, 4, request.seed) };
  const counted = (round: EnrolRound, roundDraws: number): EnrolCounts =>
    sum(Array.from({ length: roundDraws }, (_, draw) => enrolRound(round, createRandom(1000 * request.seed + draw))));
  const [one, two, three] = [1, 2, 3].map((confirmations) => {
    progress(`${confirmations} confirmed, alone`);
    return counted({ ...alone, confirmations }, draws);
  });
  progress('3 confirmed, up to 4 others running; then devices that are not enrolled');
  const behind = counted({ ...among, confirmations: 3 }, draws);
  const labels = [...new Set(confirmFrom.map(({ label }) => label))];
  const strangersAfter = (round: Omit<EnrolRound, 'leftOut'>): EnrolCounts[] =>
    labels.map((leftOut) => {
      const strangers = judgeFrom.filter(({ label }) => label === leftOut);
      return counted({ ...round, judgeFrom: strangers, leftOut }, draws);
    });
  const strangeOf = strangersAfter({ ...alone, confirmations: 3 });
  const strange = sum(strangeOf);
  // One confirmation says least about a device, and others running blur the stranger.
  const strangeOne = sum(strangersAfter({ ...alone, confirmations: 1 }));
  const strangeAmong = sum(strangersAfter({ ...among, confirmations: 3 }));
  const strangeRate = (counts: EnrolCounts): number => counts.strangeNamed / counts.strange;
  const right = (counts: EnrolCounts | undefined): number | undefined => counts && counts.right / counts.known;
  return {
    suite: 'enrol',
    split: isSame
      ? `recordings drawn for confirmation are not judged; ${draws} draws`
      : `confirmed from one folder, judged on the other; ${draws} draws`,
    train: trainDir,
    test: testDir,
    recordings: judgeFrom.length,
    groups: new Set(judgeFrom.map(recordingKey)).size,
    skipped: isSame ? train.skipped : [...train.skipped, ...test.skipped],
    seed: request.seed,
    model: { id: model.id, schemaVersion: model.schemaVersion },
    metrics: knownMetrics({
      sameDeviceAccuracy1: right(one),
      sameDeviceAccuracy2: right(two),
      sameDeviceAccuracy3: right(three),
      sameDeviceAccuracy3AmongOthers: right(behind),
      sameDeviceNamed3: three && three.named / three.known,
      wrongDeviceNameRate: three && three.misnamed / (three.named + three.misnamed),
      unenrolledNamedRate: strangeRate(strange),
      unenrolledNamedRate1: strangeRate(strangeOne),
      unenrolledNamedRateAmongOthers: strangeRate(strangeAmong),
    }),
    baseline: {},
    bars: [
      bar('sameDeviceAccuracy3', right(three), 0.97, 0.99),
      bar('unenrolledNamedRate', strangeRate(strange), 0.03, 0.01, { lowerIsBetter: true }),
    ],
    perTest: {
      '1 confirmed, alone': one,
      '2 confirmed, alone': two,
      '3 confirmed, alone': three,
      '3 confirmed, up to 4 others': behind,
      '1 confirmed, one device left out': strangeOne,
      '3 confirmed, one device left out': strange,
      '3 confirmed, one device left out, up to 4 others': strangeAmong,
    },
    details: {
      unenrolledNamedRate: Object.fromEntries(
        strangeOf.map(({ strangeNamed, strange: count }, i) => [labels[i] ?? '', strangeNamed / count]),
      ),
    },
    notes: [
      'right, sameDeviceAccuracy: the enrolled device matched best is the true one; named: so sure that its name is shown',
      'unenrolledNamedRate: switchings of a device that is not enrolled that got the name of one that is',
      'one device per label; switchings are composed of steady recordings (no inrush)',
      'the model learned nothing from these recordings',
    ],
  };
}

function drawsOf(text: string | boolean | undefined): number {
  const draws = Number(text ?? 10);
  if (!Number.isInteger(draws) || draws < 1 || draws > 1000) {
    throw new SuiteUsageError(`--draws ${String(text)}: expected a whole number 1 … 1000`);
  }
  return draws;
}

/** A recording (label + rec) that lies in both folders could be confirmed and judged: it is only confirmed. */
function judgeable(
  confirmFrom: readonly ApplianceRecording[],
  test: readonly ApplianceRecording[],
): readonly ApplianceRecording[] {
  const confirmed = new Set(confirmFrom.map(recordingKey));
  return test.filter((recording) => !confirmed.has(recordingKey(recording)));
}

function sum(all: readonly EnrolCounts[]): EnrolCounts {
  const total = (name: keyof EnrolCounts): number => all.reduce((count, counts) => count + counts[name], 0);
  return {
    known: total('known'),
    right: total('right'),
    named: total('named'),
    misnamed: total('misnamed'),
    strange: total('strange'),
    strangeNamed: total('strangeNamed'),
  };
}
