import type { Category, Priority } from '@fengsui/alarm';
import type {
  FireMessageKind,
  IncidentCause,
  IncidentFileType,
  IncidentState,
  IncidentStepKind,
  IncidentVerdict,
  VerificationMeans,
} from '@fengsui/protocol';
import type { Place } from '../situation/kept.ts';

/** Instants are epoch ms. */
export type KeptIncidentAlarm = {
  readonly alarmId: string;
  readonly deviceId: string;
  readonly pointId: string;
  readonly kind: string;
  readonly category: Category;
  readonly priority: Priority;
  /** By the device, and our receipt of it. */
  readonly raisedAt: number;
  readonly receivedAt: number;
  readonly endedAt?: number;
};

/** The newest message to the fire-command side; its text is a row of `fire_message`. */
export type KeptReport = {
  readonly messageId: string;
  readonly kind: FireMessageKind;
  readonly madeAt: number;
  /** The other side took it: its receipt. */
  readonly deliveredAt?: number;
  readonly receipt?: string;
  /** Why it is not on its way: of another origin than `live` nothing leaves the house. */
  readonly heldBack?: 'origin' | 'noChannel' | 'typedLate';
  /** They may have held it for true before this message: what was sent earlier was never taken back for certain. */
  readonly mayKnowBefore?: true;
  readonly failedCount: number;
};

/** Alarms of one venue and origin that people handle together (警情), as memory and store hold it: plain JSON. */
export type KeptIncident = {
  readonly id: string;
  readonly number: number;
  readonly revision: number;
  readonly state: IncidentState;
  readonly place: Place;
  /** Our receipt of what opened it. */
  readonly openedAt: number;
  /** Absent: by rule. */
  readonly openedBy?: string;
  /** What was reported to him. */
  readonly openedNote?: string;
  /** Typed in late, of what was written by hand: nobody is called or told, and no limit runs. */
  readonly happenedAt?: number;
  readonly alarms: readonly KeptIncidentAlarm[];
  readonly alarmCount: number;
  readonly displayedAt?: number;
  readonly acknowledgedAt?: number;
  readonly owner?: string;
  readonly ownedAt?: number;
  /** To whom the owner offers it; it stays his until it is taken. */
  readonly offeredTo?: string;
  readonly callCount: number;
  /** First word with the venue: a call that was answered, or a person on site. */
  readonly firstWordAt?: number;
  /** The newest; absent again when an alarm comes after it was dismissed. */
  readonly lastWordAt?: number;
  readonly verdict?: {
    readonly word: IncidentVerdict;
    readonly means: VerificationMeans;
    readonly by: string;
    readonly at: number;
  };
  readonly report?: KeptReport;
  /** By telephone: when, and who answered. */
  readonly told?: { readonly at: number; readonly by: string; readonly answeredBy: string };
  readonly plannedAt?: number;
  readonly closedAt?: number;
  readonly closedBy?: string;
  readonly cause?: IncidentCause;
  readonly stepCount: number;
  readonly fileCount?: number;
};

/** Its bytes are a row of `incident_file`. */
export type KeptIncidentFile = {
  readonly id: string;
  readonly name?: string;
  readonly mediaType: IncidentFileType;
  readonly bytes: number;
  readonly sha256: string;
  readonly by: string;
  readonly at: number;
};

/** One line of its history. */
export type KeptIncidentStep = {
  readonly at: number;
  readonly kind: IncidentStepKind;
  readonly from: IncidentState;
  readonly to: IncidentState;
  readonly by?: string;
  readonly note?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
};

/** Beyond these only their number is kept; the first are what matters to find out where it began. */
export const INCIDENT_ALARMS_KEPT = 200;
