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
  readonly rollBack: boolean;
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
  rollBack,
}: CommandFields): Readonly<Record<string, unknown>> | undefined {
  const basis = { version: Number(version) };
  if (rollBack) return { ...basis, rollBack: true };
  const rated = Object.entries(ratedA)
    .filter(([, text]) => text.trim() !== '')
    .map(([circuit, text]) => [circuit, Number(text)] as const);
  const settings = {
    ...(intervalS.trim() !== '' && { intervalMs: Math.round(Number(intervalS) * 1_000) }),
    ...(rated.length > 0 && { ratedA: Object.fromEntries(rated) }),
  };
  return Object.keys(settings).length === 0 ? undefined : { ...basis, settings };
}
