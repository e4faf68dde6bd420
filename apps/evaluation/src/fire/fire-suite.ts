import { nuisanceSceneKinds, type RoomFault } from '@fengsui/city';
import { clopperPearsonUpper } from '../statistics/clopper-pearson.ts';
import { requireFolder } from '../folder/require-folder.ts';
import { bar, knownMetrics, type Progress, type Report, type Suite, type SuiteRequest } from '../suite.ts';
import { judgeNistFolder, type NistResult } from './nist-fire.ts';
import { judgeScene, judgeSimulatedFire, type FireDelay, type SceneHours } from './simulated-rooms.ts';

/** A wired detector, and one that spares its battery. */
const READ_EVERY_S = [2, 60];
const SCENE_HOURS = 4;
const SCENES_OF_A_KIND = 5;
const ROOMS = [
  { volumeM3: 30, heightM: 2.5 },
  { volumeM3: 60, heightM: 3 },
  { volumeM3: 150, heightM: 4 },
];
const fires: Readonly<Record<string, RoomFault>> = {
  slow: { kind: 'flaming', growth: 'slow' },
  medium: { kind: 'flaming', growth: 'medium' },
  fast: { kind: 'flaming', growth: 'fast' },
  smouldering: { kind: 'smouldering' },
};

/** Fusion on full-scale fire tests made by others, on what is no fire, and on simulated fires. */
export const fireSuite: Suite = {
  name: 'fire',
  summary: 'fusion of smoke and heat: fire tests (nist-smoke-alarms), nuisance scenes and fires of the simulator',
  folders: { train: 'none', test: 'required' },
  run: evaluateFire,
};

async function evaluateFire(request: SuiteRequest, progress: Progress): Promise<Report> {
  const testDir = requireFolder(request.testDir, '--test');
  const tests = await judgeNistFolder(testDir);
  const scenes = READ_EVERY_S.map((everyS) => ({ everyS, kinds: nuisanceScenes(everyS, request.seed, progress) }));
  const all = scenes.flatMap(({ kinds }) => Object.values(kinds));
  const total = (of: (one: (typeof all)[number]) => number): number => all.reduce((sum, one) => sum + of(one), 0);
  const earlierThanPhoto = smallest(tests, ({ firstPhotoS, fusionS }) => (firstPhotoS ?? NaN) - (fusionS ?? Infinity));
  const earlierThanHeat = smallest(tests, ({ heat57S, fusionS }) => (heat57S ?? NaN) - (fusionS ?? Infinity));
  const beforePlain = smallest(tests, ({ plainRuleS, fusionS }) => (plainRuleS ?? NaN) - (fusionS ?? Infinity));
  const laterThanPlain = beforePlain === undefined ? undefined : -beforePlain;
  const nuisanceHours = total(({ hours }) => hours);
  const falseAlarms = total(({ fusionAlarms }) => fusionAlarms);
  return {
    suite: 'fire',
    split: 'nothing is learned; constants are given in packages/fusion with their sources',
    train: null,
    test: testDir,
    recordings: tests.length,
    groups: tests.length,
    skipped: [],
    seed: request.seed,
    model: { id: 'fusion', schemaVersion: 1 },
    metrics: knownMetrics({
      earlierThanPhotoMinS: earlierThanPhoto,
      earlierThanHeatMinS: earlierThanHeat,
      laterThanPlainRuleMaxS: laterThanPlain,
      falseAlarms,
      nuisanceHours,
    }),
    baseline: { plainRuleFalseAlarms: total(({ plainAlarms }) => plainAlarms) },
    bars: [
      bar('earlierThanPhotoMinS', earlierThanPhoto, 1, 10),
      bar('earlierThanHeatMinS', earlierThanHeat, 44, 60),
      bar('laterThanPlainRuleMaxS', laterThanPlain, 0, -10, { lowerIsBetter: true }),
      bar('falseAlarms', falseAlarms, 0, 0, { lowerIsBetter: true }),
      bar('nuisanceHours', nuisanceHours, 100, 1000),
    ],
    perTest: tests,
    details: {
      scenes,
      simulatedFires: READ_EVERY_S.map((everyS) => ({ everyS, kinds: simulatedFires(everyS, request.seed) })),
    },
    notes: [
      'flaming fires in one building; the data hold no smouldering and no nuisance test',
      'scenes and simulated fires are of the simulator: they show that silence is not blindness, not rates of the field',
      'scenes: hours with an alarm among hours, exact one-sided 95 % bound',
    ],
  };
}

function nuisanceScenes(everyS: number, seed: number, progress: Progress): Readonly<Record<string, SceneFigures>> {
  return Object.fromEntries(
    nuisanceSceneKinds.map((kind) => {
      progress(`nuisance: ${kind}, read every ${everyS} s`);
      const runs = Array.from({ length: SCENES_OF_A_KIND }, (_, i) =>
        judgeScene(kind, 1000 * seed + i, SCENE_HOURS, 1000 * everyS),
      );
      return [kind, sceneFigures(runs)];
    }),
  );
}

/** The least over all tests; undefined when one cannot say, for then "in every test" is not shown. */
function smallest(tests: readonly NistResult[], of: (test: NistResult) => number): number | undefined {
  const values = tests.map(of);
  return values.length === 0 || values.some((value) => !Number.isFinite(value)) ? undefined : Math.min(...values);
}

type SceneFigures = SceneHours & { readonly upperBoundPerHour95: number };

function sceneFigures(runs: readonly SceneHours[]): SceneFigures {
  const sum = (of: (run: SceneHours) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const hours = sum((run) => run.hours);
  const fusionAlarms = sum((run) => run.fusionAlarms);
  const upperBoundPerHour95 = clopperPearsonUpper(Math.min(hours, fusionAlarms), hours);
  return { hours, fusionAlarms, plainAlarms: sum((run) => run.plainAlarms), upperBoundPerHour95 };
}

function simulatedFires(everyS: number, seed: number): Readonly<Record<string, readonly FireDelay[]>> {
  return Object.fromEntries(
    Object.entries(fires).map(([name, fault]) => [
      name,
      ROOMS.map((room, i) => judgeSimulatedFire(fault, room, 1000 * seed + i, 1000 * everyS)),
    ]),
  );
}
