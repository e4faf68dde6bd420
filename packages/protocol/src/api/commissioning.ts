import { levels } from '@fengsui/alarm';
import { falseAlarmCauses } from './alarm-verdict.ts';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** 计划 → 已安装 → 已测试 → 已投运. Only a venue that is live counts as watched. */
export const venueLifeStates = ['planned', 'installed', 'tested', 'live'] as const;
export type VenueLifeState = (typeof venueLifeStates)[number];

/** Which state may follow which. `tested` is reached by an acceptance that two people have signed, and by nothing else. */
export const venueLifeTransitions: Readonly<Record<VenueLifeState, readonly VenueLifeState[]>> = {
  planned: ['installed'],
  installed: ['planned', 'tested'],
  tested: ['installed', 'live'],
  live: ['installed'],
};

/** Venues of before there was a life are at work. */
export const venueLifeOf = ({ life }: { readonly life?: VenueLifeState }): VenueLifeState => life ?? 'live';

export const testOutcomes = ['passed', 'failed'] as const;
export type TestOutcome = (typeof testOutcomes)[number];

/** One point that has to be triggered. */
export const TestPoint = Type.Object({
  deviceId: Type.String(),
  point: Type.String({ description: 'prefix of its points; empty = the device as a whole' }),
  expects: Type.Array(Type.String(), { description: 'kinds of alarm of which one has to arrive' }),
  result: Type.Optional(
    Type.Object({
      outcome: oneOf(testOutcomes),
      how: oneOf(['event', 'hand'], 'ticked by its event, or by a person with a reason'),
      at: Instant,
      by: Type.Optional(Type.String({ description: 'of a tick by hand' })),
      reason: Type.Optional(Type.String({ description: 'of a tick by hand' })),
      kind: Type.Optional(Type.String()),
      level: Type.Optional(oneOf(levels)),
      alarmId: Type.Optional(Type.String()),
      triggeredAt: Type.Optional(Type.String({ format: 'date-time', description: "by the device's own clock" })),
      receivedAt: Type.Optional(Instant),
      shownAt: Type.Optional(Type.String({ format: 'date-time', description: 'handed to the live feed, durable' })),
      timeToScreenMs: Type.Optional(
        Type.Integer({ description: 'receivedAt to shownAt: the centre alone, not sensor, radio or browser' }),
      ),
    }),
  ),
});
export type TestPoint = Static<typeof TestPoint>;

export const CommissioningTest = Type.Object(
  {
    id: Type.String(),
    venueId: Type.String(),
    reason: Type.String(),
    startedAt: Instant,
    startedBy: Type.String(),
    endsAt: Type.String({ format: 'date-time', description: 'it ends by itself then' }),
    isEndingSoon: Type.Boolean({ description: 'the warning before the end has been given' }),
    endedAt: Type.Optional(Instant),
    endedBy: Type.Optional(Type.String({ description: 'absent = its time was up' })),
    points: Type.Array(TestPoint),
    counts: Type.Object({
      points: Type.Integer(),
      passed: Type.Integer(),
      byHand: Type.Integer({ description: 'of those that passed' }),
      failed: Type.Integer(),
      open: Type.Integer({ description: 'not ticked' }),
    }),
  },
  { $id: 'CommissioningTest' },
);
export type CommissioningTest = Static<typeof CommissioningTest>;

/** Who hands the installation over, and who takes it over. */
export const signatureCapacities = ['handOver', 'takeOver'] as const;
export type SignatureCapacity = (typeof signatureCapacities)[number];

export const AcceptanceSignature = Type.Object({
  capacity: oneOf(signatureCapacities),
  by: Type.String({ description: 'account' }),
  name: Type.String({ description: 'of the person, as it stands on the paper' }),
  at: Instant,
});
export type AcceptanceSignature = Static<typeof AcceptanceSignature>;

/** A version of the acceptance of a test: what was written down then, and who confirmed it. */
export const Acceptance = Type.Object(
  {
    testId: Type.String(),
    venueId: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    madeAt: Instant,
    madeBy: Type.String(),
    sha256: Type.String({ description: 'of the content as canonical JSON (RFC 8785)' }),
    isPassed: Type.Boolean({ description: 'every point is ticked as passed' }),
    isCurrent: Type.Boolean({ description: 'the newest version, and nothing it says has changed since' }),
    signatures: Type.Array(AcceptanceSignature),
    content: Type.Unknown({ description: 'what stands on the paper' }),
  },
  { $id: 'Acceptance' },
);
export type Acceptance = Static<typeof Acceptance>;

export const VenueLifeChange = Type.Object({
  at: Instant,
  by: Type.String({ description: 'account, or where it came from: import, registry' }),
  from: Type.Optional(oneOf(venueLifeStates)),
  to: oneOf(venueLifeStates),
  reason: Type.Optional(Type.String()),
});
export type VenueLifeChange = Static<typeof VenueLifeChange>;

/** A venue on the board. */
export const BoardVenue = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Type.Optional(Type.String()),
  wave: Type.Optional(Type.String()),
  life: oneOf(venueLifeStates),
  deviceCount: Type.Integer({ description: 'devices that stand there' }),
  test: Type.Optional(
    Type.Object({
      id: Type.String(),
      isRunning: Type.Boolean(),
      endsAt: Instant,
      isEndingSoon: Type.Boolean(),
      points: Type.Integer(),
      passed: Type.Integer(),
      failed: Type.Integer(),
    }),
  ),
  signatureCount: Type.Integer({ description: 'of the newest acceptance of its newest test' }),
});
export type BoardVenue = Static<typeof BoardVenue>;

/** A bounded time in which a venue, or all venues of a wave, prove themselves before they are handed over for good. */
export const TrialOperation = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    venueId: Type.Optional(Type.String()),
    wave: Type.Optional(Type.String()),
    from: Instant,
    to: Instant,
    by: Type.String(),
  },
  { $id: 'TrialOperation' },
);
export type TrialOperation = Static<typeof TrialOperation>;

/** A figure with what it rests on. Without enough data there is no figure. */
export const TrialKpi = Type.Object({
  id: oneOf(['transmissionTime', 'timeToAcknowledge', 'falseAlarmShare', 'offlineShare', 'testedShare']),
  unit: oneOf(['ms', 's', 'ratio']),
  n: Type.Integer({ description: 'how many observations it rests on' }),
  leastN: Type.Integer({ description: 'fewer are not enough for a figure' }),
  value: Type.Optional(Type.Number({ description: 'a median, or a share' })),
  p95: Type.Optional(Type.Number()),
  of: Type.Optional(Type.Integer({ description: 'falseAlarmShare: alarms that ended, judged or not' })),
  causes: Type.Optional(
    Type.Array(Type.Object({ cause: oneOf(falseAlarmCauses), n: Type.Integer() }), {
      description: 'falseAlarmShare: why, most frequent first',
    }),
  ),
  missing: Type.Optional(oneOf(['tooFew', 'noCauses', 'noTest'])),
});
export type TrialKpi = Static<typeof TrialKpi>;

export const TrialReport = Type.Object(
  {
    trial: TrialOperation,
    venueCount: Type.Integer(),
    until: Type.String({ format: 'date-time', description: 'the end, or now while it runs' }),
    kpis: Type.Array(TrialKpi),
  },
  { $id: 'TrialReport' },
);
export type TrialReport = Static<typeof TrialReport>;
