import { categories, origins, priorities } from '@fengsui/alarm';
import { Type, type Static } from 'typebox';
import { Instant, oneOf } from './schema.ts';

/** `open` nobody has it · `owned` · `confirmed` found true · `dismissed` found not to be one · `closed` with its cause. */
export const incidentStates = ['open', 'owned', 'confirmed', 'dismissed', 'closed'] as const;
export type IncidentState = (typeof incidentStates)[number];

/** 真实火警, 误报, 测试, 故障 (GB 26875.5: function «受理»). */
export const incidentVerdicts = ['true', 'false', 'test', 'fault'] as const;
export type IncidentVerdict = (typeof incidentVerdicts)[number];

/** How it was found out. */
export const verificationMeans = ['call', 'onSite', 'video'] as const;
export type VerificationMeans = (typeof verificationMeans)[number];

/** What came of a call to the venue; only `answered` is a word with it. */
export const callOutcomes = ['answered', 'noAnswer', 'busy', 'wrongNumber'] as const;
export type CallOutcome = (typeof callOutcomes)[number];

/** Why there was an alarm: mandatory at the end, counted by statistics. */
export const incidentCauses = [
  'electrical',
  'cooking',
  'smoking',
  'hotWork',
  'arson',
  'gasLeak',
  'battery',
  'steam',
  'dust',
  'insects',
  'work',
  'test',
  'deviceFault',
  'maliciousCall',
  'other',
  'unknown',
] as const;
export type IncidentCause = (typeof incidentCauses)[number];

export const incidentStepKinds = [
  'opened',
  'joined',
  'alarmEnded',
  'displayed',
  'acknowledged',
  'taken',
  'offered',
  'takenOver',
  'called',
  'sent',
  'arrived',
  'verified',
  'reopened',
  'reported',
  'reportDelivered',
  'reportFailed',
  'reportHeldBack',
  'calledOut',
  'told',
  'planned',
  'noted',
  'fileAdded',
  'late',
  'closed',
] as const;
export type IncidentStepKind = (typeof incidentStepKinds)[number];

/** What a person may do to an incident. */
export const incidentActs = [
  'take',
  'offer',
  'takeOver',
  'call',
  'send',
  'arrive',
  'verify',
  'tell',
  'plan',
  'note',
  'close',
] as const;
export type IncidentAct = (typeof incidentActs)[number];

/** To the fire-command side. `alert`: a person has found it true. `cancel`: a person has found that it is not. */
export const fireMessageKinds = ['alert', 'cancel'] as const;
export type FireMessageKind = (typeof fireMessageKinds)[number];

/** Steps of the procedure that have a limit, in their order. */
export const procedureSteps = ['displayed', 'acknowledged', 'firstWord', 'verified', 'reported'] as const;
export type ProcedureStep = (typeof procedureSteps)[number];

export const IncidentAlarm = Type.Object({
  alarmId: Type.String(),
  deviceId: Type.String(),
  pointId: Type.String(),
  kind: Type.String(),
  category: oneOf(categories),
  priority: oneOf(priorities),
  raisedAt: Instant,
  receivedAt: Instant,
  endedAt: Type.Optional(Instant),
});
export type IncidentAlarm = Static<typeof IncidentAlarm>;

/** How a step of the procedure stands. */
export const ProcedureStanding = Type.Object({
  step: oneOf(procedureSteps),
  limitMs: Type.Integer({ description: 'docs/reference/procedures.md says whose' }),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'when its time began; absent: not yet' })),
  doneAt: Type.Optional(Instant),
});
export type ProcedureStanding = Static<typeof ProcedureStanding>;

/** The message to the fire-command side. */
export const IncidentReport = Type.Object({
  messageId: Type.String({ description: 'identifier of the CAP message, and idempotency key' }),
  kind: oneOf(fireMessageKinds),
  madeAt: Instant,
  deliveredAt: Type.Optional(Type.String({ format: 'date-time', description: 'the other side confirmed it' })),
  receipt: Type.Optional(Type.String({ description: 'what it confirmed with' })),
  heldBack: Type.Optional(
    oneOf(
      ['origin', 'noChannel', 'typedLate'],
      'origin: nothing leaves the house but in earnest; noChannel: none is set up; typedLate: it is over already',
    ),
  ),
  failedCount: Type.Integer({ minimum: 0, description: 'tries that came to nothing, as far as they are on record' }),
});
export type IncidentReport = Static<typeof IncidentReport>;

/** 警情: alarms of one venue that people handle together. Always whole, replaced by id. */
export const Incident = Type.Object(
  {
    id: Type.String(),
    number: Type.Integer({ description: 'for people: counts up over the centre' }),
    revision: Type.Integer({ description: 'rises with what people do; an act names the one it saw' }),
    state: oneOf(incidentStates),
    venueId: Type.String(),
    origin: oneOf(origins),
    openedAt: Instant,
    openedBy: Type.Optional(Type.String({ description: 'who opened it by hand; absent: an alarm did' })),
    openedNote: Type.Optional(Type.String({ description: 'what was reported to him' })),
    happenedAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'typed in late: of what was written by hand; no limit runs' }),
    ),
    alarms: Type.Array(IncidentAlarm, { description: 'the first 200; alarmCount counts all' }),
    alarmCount: Type.Integer(),
    displayedAt: Type.Optional(Type.String({ format: 'date-time', description: 'on the first seat that showed it' })),
    acknowledgedAt: Type.Optional(Instant),
    owner: Type.Optional(Type.String({ description: 'who handles it; nobody else does' })),
    ownedAt: Type.Optional(Instant),
    offeredTo: Type.Optional(Type.String({ description: 'whom the owner asks to take it' })),
    callCount: Type.Integer(),
    firstWordAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'a call answered, or a person on site' }),
    ),
    lastWordAt: Type.Optional(Instant),
    verdict: Type.Optional(
      Type.Object({
        word: oneOf(incidentVerdicts),
        means: oneOf(verificationMeans),
        by: Type.String(),
        at: Instant,
      }),
    ),
    report: Type.Optional(IncidentReport),
    toldAt: Type.Optional(Type.String({ format: 'date-time', description: 'the fire-command side, by telephone' })),
    plannedAt: Type.Optional(Instant),
    closedAt: Type.Optional(Instant),
    closedBy: Type.Optional(Type.String()),
    cause: Type.Optional(oneOf(incidentCauses)),
    stepCount: Type.Integer({ description: 'lines of its history' }),
    fileCount: Type.Optional(Type.Integer({ description: 'recordings and pictures; absent = none' })),
    procedure: Type.Array(ProcedureStanding),
    acts: Type.Array(oneOf(incidentActs), {
      description: 'what its state allows; the caller needs the right as well, and most need to be the owner',
    }),
  },
  { $id: 'Incident' },
);
export type Incident = Static<typeof Incident>;

/** One line of its history. */
export const IncidentStep = Type.Object(
  {
    number: Type.Integer(),
    at: Instant,
    kind: oneOf(incidentStepKinds),
    from: oneOf(incidentStates),
    to: oneOf(incidentStates),
    by: Type.Optional(Type.String({ description: 'absent: the centre itself' })),
    note: Type.Optional(Type.String()),
    detail: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'who was called, sent or answered only for those who may read contacts',
      }),
    ),
  },
  { $id: 'IncidentStep' },
);
export type IncidentStep = Static<typeof IncidentStep>;

/** Recordings of calls, and pictures. */
export const incidentFileTypes = [
  'audio/wav',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'image/jpeg',
  'image/png',
] as const;
export type IncidentFileType = (typeof incidentFileTypes)[number];

/** A recording or a picture of it, without its bytes. */
export const IncidentFile = Type.Object(
  {
    id: Type.String(),
    name: Type.Optional(Type.String({ description: 'as whoever added it calls it' })),
    mediaType: oneOf(incidentFileTypes),
    bytes: Type.Integer(),
    sha256: Type.String({ description: 'of its bytes, hex' }),
    by: Type.String(),
    at: Instant,
  },
  { $id: 'IncidentFile' },
);
export type IncidentFile = Static<typeof IncidentFile>;

/** Whom the owner may offer it to, with how many each has. */
export const IncidentHandlers = Type.Object(
  { people: Type.Array(Type.Object({ username: Type.String(), openIncidents: Type.Integer() })) },
  { $id: 'IncidentHandlers' },
);
export type IncidentHandlers = Static<typeof IncidentHandlers>;
