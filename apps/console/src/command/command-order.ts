import { levels, type Level } from '@fengsui/alarm';
import type { CommandName } from '@fengsui/protocol';

/** Fields of the form, as typed; what does not belong to the command is left out of its arguments. */
export type CommandFields = {
  readonly points: readonly string[];
  readonly minutes: number;
  readonly isOn: boolean;
  readonly durationS: number;
  readonly circuit: string;
  readonly version: string;
  readonly intervalS: string;
  readonly ratedA: Readonly<Record<string, string>>;
  readonly overloadBands: readonly BandFields[];
  readonly rollBack: boolean;
};

/** One limit on overload as typed; without a ratio it is not set. */
export type BandFields = {
  readonly level: Level;
  readonly ratioPct: string;
  readonly onS: string;
  readonly deadbandPct: string;
  readonly offS: string;
};

export const emptyFields: CommandFields = {
  points: [],
  minutes: 5,
  isOn: true,
  durationS: 60,
  circuit: '',
  version: '',
  intervalS: '',
  ratedA: {},
  overloadBands: levels.map((level) => ({ level, ratioPct: '', onS: '', deadbandPct: '5', offS: '10' })),
  rollBack: false,
};

/** Commands that a person may choose, in the order of how often they are wanted. */
export const offeredCommands = [
  'read',
  'selfTest',
  'captureNow',
  'silence',
  'siren',
  'configure',
  'breakerOpen',
  'breakerClose',
  'valveClose',
] as const satisfies readonly CommandName[];
export type OfferedCommand = (typeof offeredCommands)[number];

export const needsCircuit = (name: OfferedCommand): boolean => name === 'breakerOpen' || name === 'breakerClose';

/** The arguments of docs/reference/commands.md; undefined when a configuration changes nothing. */
export function argumentsOf(
  name: OfferedCommand,
  fields: CommandFields,
): Readonly<Record<string, unknown>> | undefined {
  switch (name) {
    case 'read':
      return fields.points.length > 0 ? { points: fields.points } : {};
    case 'silence':
      return { minutes: fields.minutes };
    case 'siren':
      return fields.isOn ? { on: true, durationS: fields.durationS } : { on: false };
    case 'breakerOpen':
    case 'breakerClose':
      return { circuit: fields.circuit };
    case 'configure':
      return configurationOf(fields);
    case 'selfTest':
    case 'captureNow':
    case 'valveClose':
      return {};
  }
}

function configurationOf({
  version,
  intervalS,
  ratedA,
  overloadBands,
  rollBack,
}: CommandFields): Readonly<Record<string, unknown>> | undefined {
  const basis = { version: Number(version) };
  if (rollBack) return { ...basis, rollBack: true };
  const rated = Object.entries(ratedA)
    .filter(([, text]) => text.trim() !== '')
    .map(([circuit, text]) => [circuit, Number(text)] as const);
  const bands = overloadBands
    .filter(({ ratioPct }) => ratioPct.trim() !== '')
    .map(({ level, ratioPct, onS, deadbandPct, offS }) => ({
      level,
      ratio: Number(ratioPct) / 100,
      deadbandRatio: Number(deadbandPct) / 100,
      onDelayMs: Math.round(Number(onS) * 1_000),
      offDelayMs: Math.round(Number(offS) * 1_000),
    }));
  const settings = {
    ...(intervalS.trim() !== '' && { intervalMs: Math.round(Number(intervalS) * 1_000) }),
    ...(rated.length > 0 && { ratedA: Object.fromEntries(rated) }),
    ...(bands.length > 0 && { overloadBands: bands }),
  };
  return Object.keys(settings).length === 0 ? undefined : { ...basis, settings };
}
