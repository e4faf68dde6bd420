import type { AlarmChange, LimitState } from '@fengsui/alarm';
import type { KeptRuleState } from './rule-watch.ts';
import type { KeptAcceptance, KeptTest, KeptTrial, VenueLifeLine } from '../commissioning/kept-test.ts';
import type { Alarm, PresenceRow } from '@fengsui/protocol';
import type { KeptCallOut } from '../call-out/kept-call-out.ts';
import type { CanaryAlarm } from '../canary/canary-words.ts';
import type { KeptFireMessage } from '../fire-command/kept-fire-message.ts';
import type { KeptIncident, KeptIncidentFile, KeptIncidentStep } from '../incident/kept-incident.ts';
import type { KeptIsolation } from '../isolation/kept-isolation.ts';
import type { Lane } from '../journal/entry.ts';
import type { ForeignMeta } from '../journal/foreign-meta.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { KeptRelease, KeptRollout, KeptRolloutDevice } from '../rollout/kept-rollout.ts';
import type { CopyValue } from '../store/store.ts';
import type { Share } from './duty.ts';
import type { KeptFirePlace } from './fire/fire-watch.ts';
import type { ForeignState } from './foreign/kept-source.ts';
import type { OwedFrame, RelayState } from './gb-relay/relay-state.ts';
import type { GbDutyCheck, GbFrameRecord, GbPart } from './gb26875/gb-situation.ts';
import type { CaptureState, DeviceState, KeptCondition, OnSiteCause, Place } from './kept.ts';
import type { KeptCommand } from './kept-command.ts';
import type { ActOutcome, OperatorActMeta } from './operator-act.ts';
import type { Intervals } from './received-ledger.ts';
import type { ReportedValues } from './reported-values.ts';
import type { Timer } from './timer.ts';
import type { KeptPhoto, KeptStep, KeptWorkOrder } from '../workorder/kept-work-order.ts';

/** The newest wins: within one batch only the last state of a thing is written. */
type Latest<Value> = Map<string, Value>;

/**
 * What a batch of entries changes: rows for one transaction, and what the feed shows after it.
 * Filled by the situation, written by `commitSteps`.
 */
export class Effects {
  readonly telemetry: CopyValue[][] = [];
  /** Beginnings of UTC days that telemetry comes for the first time since the start. */
  readonly telemetryDays = new Set<number>();
  readonly events: CopyValue[][] = [];
  readonly lateHazards: CopyValue[][] = [];
  readonly quarantine: CopyValue[][] = [];
  /** Messages that waited and could be read after all. */
  readonly quarantineRead: { readonly deviceId: string; readonly receivedAt: number; readonly digest: Uint8Array }[] =
    [];
  readonly quarantinedDevices = new Set<string>();
  readonly captureChunks: {
    readonly capture: string;
    readonly index: number;
    readonly digest: Uint8Array;
    readonly body: Uint8Array;
    readonly place: Place;
    readonly receivedAt: number;
  }[] = [];
  readonly captures: Latest<CaptureState> = new Map();
  /** Captures whose last missing chunk is in this batch: their hash is still to be compared. */
  readonly capturesToVerify = new Set<string>();
  readonly received: Latest<{
    readonly deviceId: string;
    readonly epoch: string;
    readonly place: Place;
    readonly intervals: Intervals;
    readonly at: number;
  }> = new Map();
  /** Whose reports came, and when the newest did. */
  readonly heard = new Map<string, number>();
  readonly deviceStates: Latest<{ readonly place: Place; readonly state: DeviceState }> = new Map();
  readonly conditions: Latest<KeptCondition> = new Map();
  readonly limits: Latest<{ readonly place: Place; readonly state: LimitState | KeptRuleState }> = new Map();
  readonly firePlaces: Latest<KeptFirePlace> = new Map();
  readonly alarms: Latest<{ readonly place: Place; readonly alarm: Alarm; readonly raisedAt: number }> = new Map();
  readonly alarmChanges: {
    readonly alarmId: string;
    readonly number: number;
    readonly place: Place;
    readonly change: AlarmChange;
  }[] = [];
  readonly gbParts: Latest<{ readonly place: Place; readonly deviceId: string; readonly part: GbPart }> = new Map();
  readonly gbFrames: Latest<GbFrameRecord> = new Map();
  readonly gbDutyChecks: Latest<{ readonly place: Place; readonly check: GbDutyCheck }> = new Map();
  readonly partValues: CopyValue[][] = [];
  readonly relayOwed: Latest<OwedFrame> = new Map();
  readonly relaySettled: Latest<Pick<OwedFrame, 'relayId' | 'order'>> = new Map();
  readonly relayStates: Latest<RelayState> = new Map();
  readonly foreignSeen: Latest<{
    readonly sourceId: string;
    readonly value: string;
    readonly keptUntil: number;
  }> = new Map();
  readonly foreignForgotten = new Set<string>();
  readonly foreignWaiting: Latest<{
    readonly foreign: Extract<ForeignMeta, { kind: 'waiting' }>;
    readonly receivedAt: number;
    readonly receipts: number;
    readonly body: Uint8Array;
  }> = new Map();
  readonly foreignSettled = new Set<string>();
  readonly foreignStates: Latest<ForeignState> = new Map();
  readonly commissioningTests: Latest<KeptTest> = new Map();
  readonly acceptances: Latest<KeptAcceptance> = new Map();
  readonly trials: Latest<KeptTrial> = new Map();
  readonly venueLife: VenueLifeLine[] = [];
  readonly isolations: Latest<KeptIsolation> = new Map();
  readonly acts: { readonly meta: OperatorActMeta; readonly place: Place; readonly outcome: ActOutcome }[] = [];
  readonly commands: Latest<KeptCommand> = new Map();
  readonly workOrders: Latest<KeptWorkOrder> = new Map();
  readonly workSteps: {
    readonly orderId: string;
    readonly number: number;
    readonly place: Place;
    readonly step: KeptStep;
  }[] = [];
  readonly workPhotos: {
    readonly orderId: string;
    readonly place: Place;
    readonly photo: KeptPhoto;
    readonly body: Uint8Array;
  }[] = [];
  readonly incidents: Latest<KeptIncident> = new Map();
  readonly incidentSteps: {
    readonly incidentId: string;
    readonly number: number;
    readonly place: Place;
    readonly step: KeptIncidentStep;
  }[] = [];
  readonly incidentFiles: {
    readonly incidentId: string;
    readonly place: Place;
    readonly file: KeptIncidentFile;
    readonly body: Uint8Array;
  }[] = [];
  /** By message id. */
  readonly fireMessages: Latest<KeptFireMessage> = new Map();
  readonly callOuts: Latest<KeptCallOut> = new Map();
  readonly releases: Latest<KeptRelease> = new Map();
  readonly rollouts: Latest<KeptRollout> = new Map();
  readonly rolloutDevices: Latest<KeptRolloutDevice> = new Map();
  readonly onSiteCauses: Latest<{ readonly place: Place; readonly cause: OnSiteCause }> = new Map();
  readonly timersSet: Latest<Timer> = new Map();
  readonly timersEnded = new Set<string>();
  /** The centre's clock was put forward by so much: timers in the store that measure a duration move with it. */
  clockShiftMs = 0;
  /** Of whose timers: other processes count by clocks of their own. */
  clockShiftShare: Share | undefined;
  /** For the centre's own seat on the feed alone. */
  canary: CanaryAlarm | undefined;
  readonly registryChanges: RegistryChange[] = [];
  readonly checkpoints: Latest<{ readonly lane: Lane; readonly partition: number; readonly sequence: number }> =
    new Map();

  /** In the order they were told: of a point the last one counts. */
  readonly values: ReportedValues[] = [];
  readonly presence: Latest<{ readonly venueId: string; readonly row: PresenceRow }> = new Map();

  setTimer(timer: Timer): void {
    this.timersSet.set(timer.id, timer);
    this.timersEnded.delete(timer.id);
  }

  endTimer(id: string): void {
    this.timersSet.delete(id);
    this.timersEnded.add(id);
  }
}
