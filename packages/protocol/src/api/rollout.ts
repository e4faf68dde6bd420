import { Type, type Static } from 'typebox';
import { ReleaseManifest } from '../manifest/release-manifest.ts';
import { Instant, oneOf } from './schema.ts';

/** A release at the centre: its signed manifest, and whether its file is there. */
export const Release = Type.Object(
  {
    id: Type.String({ description: 'kind-name-version' }),
    manifest: ReleaseManifest,
    addedAt: Instant,
    addedBy: Type.String(),
    hasFile: Type.Boolean({ description: 'the file is there and has the size and the hash of the manifest' }),
  },
  { $id: 'Release' },
);
export type Release = Static<typeof Release>;

export const rolloutGroupKinds = ['all', 'organisation', 'venue', 'model'] as const;
export const RolloutGroup = Type.Object(
  {
    kind: oneOf(rolloutGroupKinds),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: 'of the organisation, venue or model' })),
  },
  { additionalProperties: false },
);
export type RolloutGroup = Static<typeof RolloutGroup>;

/**
 * `running` devices are told, stage by stage · `stopped` nobody is told any more until a person decides · `rollingBack`
 * those that took it go back · `done` all run it · `rolledBack`.
 */
export const rolloutStates = ['running', 'stopped', 'rollingBack', 'done', 'rolledBack'] as const;
export type RolloutState = (typeof rolloutStates)[number];

/** `waiting` not told yet · `fetching` told, on its way · `trying` in force, on probation · `running` · `excluded` by a person. */
export const rolloutDeviceStates = [
  'waiting',
  'fetching',
  'trying',
  'running',
  'failed',
  'rolledBack',
  'excluded',
] as const;
export type RolloutDeviceState = (typeof rolloutDeviceStates)[number];

/** Why a rollout stopped. */
export const rolloutStopReasons = ['byHand', 'failures', 'silence', 'unhealthy'] as const;
export type RolloutStopReason = (typeof rolloutStopReasons)[number];

const Counts = Type.Object(
  Object.fromEntries(rolloutDeviceStates.map((state) => [state, Type.Integer({ minimum: 0 })])) as Record<
    RolloutDeviceState,
    ReturnType<typeof Type.Integer>
  >,
);
export type RolloutCounts = Readonly<Record<RolloutDeviceState, number>>;

export const RolloutStage = Type.Object({
  sharePercent: Type.Number({ description: '1, 10, 100' }),
  deviceCount: Type.Integer({ description: 'that this stage adds' }),
  beganAt: Type.Optional(Instant),
  completeAt: Type.Optional(
    Type.String({ format: 'date-time', description: 'every device of it runs the release; observed from here on' }),
  ),
  endedAt: Type.Optional(Instant),
  counts: Counts,
});
export type RolloutStage = Static<typeof RolloutStage>;

/** Who did or decided what, oldest first; the last 100. */
export const RolloutStep = Type.Object({
  at: Instant,
  by: Type.Optional(Type.String({ description: 'absent: the centre by itself' })),
  what: Type.String({
    description: 'began, stageBegan, stageComplete, stopped, resumed, rollBack, excluded, done, rolledBack',
  }),
  stage: Type.Optional(Type.Integer()),
  detail: Type.Optional(Type.String()),
});
export type RolloutStep = Static<typeof RolloutStep>;

export const Rollout = Type.Object(
  {
    id: Type.String(),
    releaseId: Type.String(),
    manifest: ReleaseManifest,
    group: RolloutGroup,
    state: oneOf(rolloutStates),
    stage: Type.Integer({ description: 'the stage that runs, from 0' }),
    stages: Type.Array(RolloutStage),
    observeS: Type.Integer(),
    deviceTimeoutS: Type.Integer(),
    mostFailedPercent: Type.Number(),
    mostSilentPercent: Type.Number(),
    deviceCount: Type.Integer(),
    startedAt: Instant,
    startedBy: Type.String(),
    note: Type.String(),
    stopped: Type.Optional(
      Type.Object({
        at: Instant,
        by: Type.Optional(Type.String()),
        reason: oneOf(rolloutStopReasons),
        detail: Type.String(),
        count: Type.Optional(Type.Integer({ description: 'of them it is' })),
        of: Type.Optional(Type.Integer()),
        deviceIds: Type.Optional(Type.Array(Type.String(), { description: 'the first of them' })),
      }),
    ),
    endedAt: Type.Optional(Instant),
    steps: Type.Array(RolloutStep),
  },
  { $id: 'Rollout' },
);
export type Rollout = Static<typeof Rollout>;

export const RolloutDevice = Type.Object(
  {
    deviceId: Type.String(),
    venueId: Type.String(),
    stage: Type.Integer(),
    state: oneOf(rolloutDeviceStates),
    changedAt: Type.Optional(Instant),
    tries: Type.Integer({ description: 'how often it was told' }),
    running: Type.Optional(Type.String({ description: 'version it said it runs' })),
    code: Type.Optional(Type.String({ description: 'why it failed or was taken back' })),
    detail: Type.Optional(Type.String()),
  },
  { $id: 'RolloutDevice' },
);
export type RolloutDevice = Static<typeof RolloutDevice>;
