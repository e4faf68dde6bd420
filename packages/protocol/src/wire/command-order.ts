import { Type, type Static } from 'typebox';
import { loadVerdicts } from '../evidence/evidence.ts';
import { oneOf } from '../api/schema.ts';
import { Calibration, calibrationProblems } from '../calibration/calibration.ts';
import { Check, Errors } from 'typebox/value';
import { ReleaseManifest, releaseKinds } from '../manifest/release-manifest.ts';

/** Longest life of a command on the wire, from `issuedAt` to `expiresAt`. design.md 5.1. */
export const commandLifetimeMs = 30_000;
/** Longest silence of a sounder: a person stands in front of it or the sound comes back. */
export const longestSilenceMin = 10;

const Circuit = Type.String({ pattern: '^c[1-9][0-9]?$', description: 'prefix of a circuit: c1' });
const strict = { additionalProperties: false } as const;

/** What a device may be told to take as its configuration; absent = as before. */
export const DeviceSettings = Type.Object(
  {
    intervalMs: Type.Optional(Type.Integer({ minimum: 200, maximum: 3_600_000, description: 'between telemetry' })),
    ratedA: Type.Optional(
      Type.Record(Type.String({ pattern: '^c[1-8]$' }), Type.Number({ exclusiveMinimum: 0, maximum: 6300 })),
    ),
    overloadBands: Type.Optional(
      Type.Array(
        Type.Object(
          {
            level: Type.Unsafe<'attention' | 'warning' | 'alarm'>({
              type: 'string',
              enum: ['attention', 'warning', 'alarm'],
            }),
            ratio: Type.Number({ minimum: 0.5, maximum: 10, description: 'current / rated current' }),
            deadbandRatio: Type.Number({ minimum: 0, maximum: 0.5, description: 'it ends below ratio − this' }),
            onDelayMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
            offDelayMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
          },
          strict,
        ),
        { minItems: 1, maxItems: 8 },
      ),
    ),
  },
  strict,
);
export type DeviceSettings = Static<typeof DeviceSettings>;

/** Arguments of each command there is, by its name. */
export const commandArguments = {
  breakerOpen: Type.Object({ circuit: Circuit }, strict),
  breakerClose: Type.Object({ circuit: Circuit }, strict),
  valveClose: Type.Object({ valve: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })) }, strict),
  siren: Type.Object(
    { on: Type.Boolean(), durationS: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })) },
    strict,
  ),
  captureNow: Type.Object({}, strict),
  selfTest: Type.Object({}, strict),
  read: Type.Object(
    { points: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 200 })) },
    strict,
  ),
  /** `version` rises; `rollBack` takes what was in force before, under a new version. */
  configure: Type.Object(
    {
      version: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
      settings: Type.Optional(DeviceSettings),
      rollBack: Type.Optional(Type.Literal(true)),
    },
    strict,
  ),
  /** What a person said of a load that this terminal recognised; learned once however often it comes. */
  teach: Type.Object(
    {
      judgementId: Type.String({ minLength: 1, maxLength: 128 }),
      loadEventId: Type.String({ minLength: 1, maxLength: 64 }),
      verdict: oneOf(loadVerdicts),
      name: Type.Optional(Type.String({ minLength: 1, maxLength: 80, description: 'with rename' })),
      by: Type.String({ minLength: 1, maxLength: 128 }),
      at: Type.Integer({ minimum: 0, description: 'epoch ms' }),
    },
    strict,
  ),
  /** The devices taught to a circuit as they were at an earlier version. */
  teachRollBack: Type.Object({ circuit: Circuit, toVersion: Type.Integer({ minimum: 0 }) }, strict),
  /** Use this calibration from now on; the centre sends it by itself. */
  calibrate: Type.Object({ calibration: Calibration }, strict),
  /** Takes a release: the signature of the release key in its manifest counts beside the one of the command. */
  update: Type.Object({ rolloutId: Type.String({ minLength: 1, maxLength: 64 }), manifest: ReleaseManifest }, strict),
  /** Goes back to what ran before this release; one that is on its way is given up. */
  updateRollBack: Type.Object(
    {
      rolloutId: Type.String({ minLength: 1, maxLength: 64 }),
      kind: oneOf(releaseKinds),
      version: Type.String({ minLength: 1, maxLength: 64, description: 'the one to leave' }),
    },
    strict,
  ),
  silence: Type.Object({ minutes: Type.Number({ exclusiveMinimum: 0, maximum: longestSilenceMin }) }, strict),
} as const;

export type CommandName = keyof typeof commandArguments;
export const commandNames = Object.keys(commandArguments) as readonly CommandName[];

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandArguments, name);

type Orders = {
  [Name in CommandName]: { readonly name: Name; readonly args: Static<(typeof commandArguments)[Name]> };
};
/** A command with arguments that fit its name. */
export type CommandOrder = Orders[CommandName];

/** The order, or what is wrong with it in one sentence. */
export function readOrder(name: string, args: unknown): CommandOrder | { readonly problem: string } {
  if (!isCommandName(name))
    return { problem: `name is ${name.slice(0, 64)}, expected one of ${commandNames.join(', ')}` };
  const schema = commandArguments[name];
  if (!Check(schema, args)) {
    const [first] = Errors(schema, args);
    return { problem: `args${first?.instancePath ?? ''} ${first?.message ?? 'do not fit'} (${name})` };
  }
  if (name === 'configure') {
    const { settings, rollBack } = args as Orders['configure']['args'];
    if ((settings === undefined) === (rollBack === undefined)) {
      return { problem: 'args: configure takes either settings or rollBack' };
    }
  }
  if (name === 'calibrate') {
    const [problem] = calibrationProblems((args as Orders['calibrate']['args']).calibration);
    if (problem !== undefined) return { problem: `args.calibration.${problem}` };
  }
  return { name, args } as CommandOrder;
}

/** Commands that move something a person may stand behind. */
export const dangerousCommands: readonly CommandName[] = ['breakerOpen', 'breakerClose', 'valveClose'];
