import type { PolicyOnRecord } from '@fengsui/hazard';
import type { CommandOrder, DeviceSettings } from '@fengsui/protocol';
import type { Breakers } from '../action/breaker.ts';
import type { CalibrationDesk } from '../calibration/calibration-desk.ts';
import type { Obeyed } from './command-gate.ts';
import { merged, type ConfigurationBook } from './configuration-book.ts';
import type { TeachingDesk } from '../teaching/teaching-desk.ts';
import type { UpdateDesk } from '../update/update-desk.ts';
import type { SounderState } from './sounder.ts';

/** What a terminal lets a command reach; everything else it refuses. */
export type Commanded = {
  /** Epoch ms. */
  readonly now: () => number;
  readonly circuits: readonly string[];
  readonly breakers?: Breakers;
  /** Surveys of the circuits: what is not surveyed counts as protected. */
  readonly policies: readonly PolicyOnRecord[];
  /** Newest values told, by point. */
  readonly values: () => Readonly<Record<string, number>>;
  readonly sounder: () => SounderState;
  readonly siren: (on: boolean, durationMs: number) => void;
  readonly silence: (durationMs: number) => void;
  /** Id of the capture that follows; undefined before the first sample. Absent: nothing is sampled here. */
  readonly captureNow?: () => string | undefined;
  readonly selfTest: () => Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
  readonly configuration: ConfigurationBook;
  readonly calibration: Pick<CalibrationDesk, 'calibrate' | 'inUse'>;
  /** Absent: nothing is learned here. */
  readonly teaching?: TeachingDesk;
  /** Absent: nothing is updated from afar. */
  readonly updates?: Pick<UpdateDesk, 'take' | 'rollBack' | 'running'>;
  /** Puts settings in force. Rejects with RangeError when they do not fit; then all is as before. */
  readonly apply: (settings: DeviceSettings) => Promise<void>;
};

const SIREN_DEFAULT_S = 60;

const notUpdated: Obeyed = {
  refused: 'notEquipped',
  detail: 'no release key is pinned here: nothing is updated from afar',
};

const refuse = (refused: string, detail: string): Obeyed => ({ refused, detail });

/** Does what a verified command orders, and reads back what holds after it. */
export async function obey(order: CommandOrder, terminal: Commanded): Promise<Obeyed> {
  switch (order.name) {
    case 'breakerOpen':
      return refuseOpening(order.args.circuit, terminal);
    case 'breakerClose':
      return refuse('onSiteOnly', 'a breaker is closed by hand, on site, after an inspection');
    case 'valveClose':
      return refuse('notEquipped', 'this terminal drives no valve');
    case 'siren':
      terminal.siren(order.args.on, (order.args.durationS ?? SIREN_DEFAULT_S) * 1000);
      return { ok: true, result: terminal.sounder() };
    case 'silence':
      terminal.silence(order.args.minutes * 60_000);
      return { ok: true, result: terminal.sounder() };
    case 'captureNow': {
      if (terminal.captureNow === undefined) return refuse('notEquipped', 'meters are read here: there is no waveform');
      const captureId = terminal.captureNow();
      return captureId === undefined
        ? refuse('notReady', 'nothing was sampled yet')
        : { ok: true, result: { captureId } };
    }
    case 'selfTest': {
      const checks = terminal.selfTest();
      return { ok: true, result: { passed: Object.values(checks).every(({ ok }) => ok), checks } };
    }
    case 'read':
      return { ok: true, result: readBack(order.args.points, terminal) };
    case 'teach':
      return learned(terminal, (desk) => desk.learn(order.args));
    case 'teachRollBack':
      return learned(terminal, (desk) => desk.rollBack(order.args.circuit, order.args.toVersion));
    case 'calibrate':
      return terminal.calibration.calibrate(order.args.calibration);
    case 'update':
      return terminal.updates?.take(order.args.rolloutId, order.args.manifest) ?? notUpdated;
    case 'updateRollBack': {
      const { rolloutId, kind, version } = order.args;
      return terminal.updates?.rollBack(rolloutId, kind, version) ?? notUpdated;
    }
    case 'configure':
      return configure(order.args, terminal);
  }
}

/** Unknown counts as protected; and what may be opened at all needs the approval of two people, which is no command yet. */
function refuseOpening(circuit: string, { policies, circuits }: Commanded): Obeyed {
  if (!circuits.includes(circuit)) return refuse('unknownCircuit', `${circuit} is not measured here`);
  const survey = policies.find(({ policy, isSignatureValid }) => isSignatureValid && policy.circuit === circuit)?.policy
    .survey;
  if (survey === undefined)
    return refuse('protectedLoad', `${circuit} was not surveyed: what is on it counts as protected`);
  const kept = survey.loads.filter(({ isProtected }) => isProtected).map(({ name }) => name);
  if (kept.length > 0) return refuse('protectedLoad', `on ${circuit}: ${kept.join(', ')}`);
  return refuse('approvalRequired', 'opening needs the approval of a second person');
}

function readBack(points: readonly string[] | undefined, terminal: Commanded): object {
  const values = terminal.values();
  const wanted = points ?? Object.keys(values);
  const { breakers, circuits, configuration, calibration } = terminal;
  const used = calibration.inUse();
  return {
    values: Object.fromEntries(wanted.flatMap((point) => (point in values ? [[point, values[point]]] : []))),
    ...(breakers !== undefined && {
      breakers: Object.fromEntries(circuits.map((circuit) => [circuit, breakers.state(circuit)])),
    }),
    sounder: terminal.sounder(),
    configuration: configuration.current(),
    ...(terminal.updates !== undefined && { running: terminal.updates.running() }),
    calibration: used === 'none' ? used : { id: used.id, version: used.version, calibratedAt: used.calibratedAt },
  };
}

function learned({ teaching }: Commanded, work: (desk: TeachingDesk) => unknown): Obeyed {
  if (teaching === undefined) return refuse('notEquipped', 'it runs without --state: what it learned would be lost');
  try {
    return { ok: true, result: work(teaching) };
  } catch (error) {
    if (error instanceof RangeError) return refuse('notLearned', error.message);
    throw error;
  }
}

async function configure(
  { version, settings, rollBack }: Extract<CommandOrder, { name: 'configure' }>['args'],
  { configuration, apply }: Commanded,
): Promise<Obeyed> {
  const before = configuration.current();
  if (version <= before.version) {
    return refuse('staleVersion', `version is ${version}, ${before.version} is in force: expected a higher one`);
  }
  const previous = configuration.previous();
  if (rollBack === true && previous === undefined) return refuse('nothingBefore', 'there is no configuration before');
  const wanted = rollBack === true ? (previous?.settings ?? {}) : merged(before.settings, settings ?? {});
  try {
    await apply(wanted);
  } catch (error) {
    if (error instanceof RangeError) return refuse('invalidSettings', error.message);
    throw error;
  }
  try {
    configuration.keep({ version, settings: wanted });
  } catch (error) {
    // In force and not kept would be lost at the next start, in silence.
    await apply(before.settings);
    return refuse('notKept', error instanceof Error ? error.message : String(error));
  }
  return { ok: true, result: { ...configuration.current(), kept: configuration.isKept } };
}
