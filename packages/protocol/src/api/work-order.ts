import { origins, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { blindReasons } from './blind-spot.ts';
import { Label } from './label.ts';
import { Instant, oneOf } from './schema.ts';

/**
 * `open` nobody has it · `assigned` · `onTheWay` · `onSite` · `repaired` says the person who did it; the device has not
 * shown it yet · `failedVerification` the device showed that it is not · `verified` by the device's own reports ·
 * `unverified` closed by a person without that · `cancelled`.
 */
export const workOrderStates = [
  'open',
  'assigned',
  'onTheWay',
  'onSite',
  'repaired',
  'failedVerification',
  'verified',
  'unverified',
  'cancelled',
] as const;
export type WorkOrderState = (typeof workOrderStates)[number];

/** States after which nothing happens any more. */
export const closedWorkOrderStates = ['verified', 'unverified', 'cancelled'] as const;
export const isClosedWorkOrder = (state: WorkOrderState): boolean =>
  (closedWorkOrderStates as readonly WorkOrderState[]).includes(state);

/** What a person may do to a work order. */
export const workOrderActs = ['assign', 'depart', 'arrive', 'repair', 'postpone', 'close', 'cancel'] as const;
export type WorkOrderAct = (typeof workOrderActs)[number];

/** Why a repair did not hold. */
export const failedVerificationReasons = ['cameBack', 'stillActive', 'stillBlind', 'noReports'] as const;
export type FailedVerificationReason = (typeof failedVerificationReasons)[number];

/** What the centre still waits for before it calls a repair verified. */
export const verificationWaits = ['faultToClear', 'firstReport', 'time'] as const;
export type VerificationWait = (typeof verificationWaits)[number];

export const workOrderStepKinds = [
  'opened',
  'joined',
  'assigned',
  'departed',
  'arrived',
  'photoAdded',
  'repaired',
  'faultCleared',
  'verified',
  'verificationFailed',
  'overdue',
  'postponed',
  'closedUnverified',
  'cancelled',
] as const;
export type WorkOrderStepKind = (typeof workOrderStepKinds)[number];

/** A person by user name, or an organisation whose people take it themselves. */
export const WorkAssignee = Type.Object({
  kind: oneOf(['person', 'organisation']),
  id: Type.String({ minLength: 1, maxLength: 128, description: 'user name, or id of an organisation' }),
  name: Type.Optional(Type.String({ description: 'of an organisation, as it was called then' })),
});
export type WorkAssignee = Static<typeof WorkAssignee>;

export const WorkFault = Type.Object({
  alarmId: Type.Optional(Type.String({ description: 'the newest alarm of this fault' })),
  deviceId: Type.String(),
  pointId: Type.String(),
  kind: Type.String(),
  active: Type.Boolean({ description: 'the device still says so' }),
  firstAt: Instant,
  lastAt: Instant,
  clearedAt: Type.Optional(Instant),
  count: Type.Integer({ minimum: 1, description: 'times it came' }),
});
export type WorkFault = Static<typeof WorkFault>;

export const WorkPhoto = Type.Object({
  id: Type.String(),
  mediaType: oneOf(['image/jpeg', 'image/png']),
  bytes: Type.Integer(),
  sha256: Type.String({ description: 'lower-case hex' }),
  by: Type.String(),
  at: Instant,
  attempt: Type.Integer({ minimum: 1, description: 'of which repair it is evidence' }),
});
export type WorkPhoto = Static<typeof WorkPhoto>;

export const WorkRepair = Type.Object({
  by: Type.String(),
  at: Instant,
  cause: Type.String({ description: 'code of GET /api/v1/work-orders/words' }),
  text: Type.Optional(Type.String()),
  parts: Type.Optional(Type.String({ description: 'parts used' })),
  attempt: Type.Integer({ minimum: 1 }),
});
export type WorkRepair = Static<typeof WorkRepair>;

/** 工单: a fault with somebody who repairs it. Always whole, replaced by id. */
export const WorkOrder = Type.Object(
  {
    id: Type.String(),
    number: Type.Integer({ description: 'for people: counts up over the centre' }),
    revision: Type.Integer({
      description: 'rises with every act and every change of state; an act names the one it saw',
    }),
    state: oneOf(workOrderStates),
    priority: oneOf(priorities),
    venueId: Type.String(),
    deviceId: Type.String({ description: 'the root: the device itself or the gateway it is behind' }),
    origin: oneOf(origins),
    openedAt: Instant,
    openedBy: Type.Optional(Type.String({ description: 'absent: by rule' })),
    note: Type.Optional(Type.String()),
    faults: Type.Array(WorkFault, { description: 'at most 50; faultCount counts all' }),
    faultCount: Type.Integer({ description: 'how often a fault of this root came while the order was open' }),
    blindReasons: Type.Optional(
      Type.Array(oneOf(blindReasons), { description: 'opened for a detector that cannot raise an alarm' }),
    ),
    assignee: Type.Optional(WorkAssignee),
    workedBy: Type.Optional(Type.String({ description: 'who set out' })),
    dueAt: Instant,
    overdue: Type.Boolean(),
    escalation: Type.Integer({ minimum: 0, description: '0 in time, 1 the shift leader sees it, 2 and more: again' }),
    assignedAt: Type.Optional(Instant),
    departedAt: Type.Optional(Instant),
    arrivedAt: Type.Optional(Instant),
    closedAt: Type.Optional(Instant),
    closedBy: Type.Optional(Type.String({ description: 'absent: by the centre' })),
    repair: Type.Optional(WorkRepair),
    failedAttempts: Type.Integer({ description: 'repairs that did not hold' }),
    failedBecause: Type.Optional(oneOf(failedVerificationReasons)),
    photos: Type.Array(WorkPhoto),
    verification: Type.Optional(
      Type.Object({
        waitingFor: oneOf(verificationWaits),
        firstReportAt: Type.Optional(Instant),
        readyAt: Type.Optional(
          Type.String({ format: 'date-time', description: 'verified then, if nothing comes between' }),
        ),
        untilAt: Type.String({ format: 'date-time', description: 'failed then' }),
        freshMin: Type.Number({ description: 'minutes of reports without the fault' }),
      }),
    ),
    reason: Type.Optional(Type.String({ description: 'why it was cancelled or closed unverified' })),
    repeatOf: Type.Optional(Type.String({ description: 'order of the same fault that was closed not long before' })),
    repeatCount: Type.Integer({ description: 'orders in this chain before it' }),
    acts: Type.Array(oneOf(workOrderActs), {
      description: 'what its state allows; the caller needs the right as well',
    }),
  },
  { $id: 'WorkOrder' },
);
export type WorkOrder = Static<typeof WorkOrder>;

/** One step in the life of a work order. */
export const WorkOrderStep = Type.Object(
  {
    number: Type.Integer(),
    at: Instant,
    kind: oneOf(workOrderStepKinds),
    from: Type.Optional(oneOf(workOrderStates)),
    to: oneOf(workOrderStates),
    by: Type.Optional(Type.String({ description: 'absent: the centre itself' })),
    note: Type.Optional(Type.String()),
    detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { $id: 'WorkOrderStep' },
);
export type WorkOrderStep = Static<typeof WorkOrderStep>;

/** Numbers over the orders of the caller's venues. */
export const WorkOrderCounts = Type.Object(
  {
    open: Type.Integer(),
    unassigned: Type.Integer(),
    overdue: Type.Integer(),
    waitingForVerification: Type.Integer(),
    heldBack: Type.Integer({
      description: 'faults that would open an order, but their venue has as many as the rules allow',
    }),
  },
  { $id: 'WorkOrderCounts' },
);
export type WorkOrderCounts = Static<typeof WorkOrderCounts>;

export const WorkCause = Type.Object({
  code: Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,31}$' }),
  label: Label,
  kinds: Type.Optional(Type.Array(Type.String(), { description: 'faults of which it is the likely cause' })),
});
export type WorkCause = Static<typeof WorkCause>;

/** What is needed to fill a form. */
export const WorkWords = Type.Object({ causes: Type.Array(WorkCause) }, { $id: 'WorkWords' });
export type WorkWords = Static<typeof WorkWords>;

/** Who may be given an order of a venue. */
export const WorkAssignees = Type.Object({
  people: Type.Array(Type.Object({ username: Type.String(), openOrders: Type.Integer() })),
  organisations: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      nameEn: Type.Optional(Type.String()),
      openOrders: Type.Integer(),
    }),
  ),
});
export type WorkAssignees = Static<typeof WorkAssignees>;
