import type { CallOutDoors } from '../call-out/call-out-doors.ts';
import type { AuditCare } from '../audit/audit-care.ts';
import type { AuditInspection } from '../audit/audit-inspection.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { BackupStanding } from '../backup/backup-standing.ts';
import type { CanaryFigures } from '../canary/canary.ts';
import type { History } from '../history/history.ts';
import type { ForeignReception } from '../intake/foreign/foreign-reception.ts';
import type { GbReach } from '../intake/gb26875/gb-doors.ts';
import type { ToldIsolations } from '../isolation/told-isolations.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { DiskFigures } from '../platform/disk-watch.ts';
import type { Log } from '../platform/log.ts';
import type { CommandDesk } from '../response/command-desk.ts';
import type { Relays } from '../relay/relays.ts';
import type { Accounts } from '../access/accounts.ts';
import type { OpenId } from '../access/open-id.ts';
import type { CallerRate } from '../access/caller-rate.ts';
import type { RegistryDesk } from '../registry/registry-desk.ts';
import type { Releases } from '../rollout/releases.ts';
import type { AlarmGrouping } from '../situation/alarm-grouping.ts';
import type { EnergyToday } from '../situation/energy-today.ts';
import type { LiveBus } from '../situation/live-bus.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { DoorFigures } from './door-figures.ts';
import type { Store } from '../store/store.ts';

/** What the routes work with. */
export type ApiContext = {
  readonly accounts: Accounts;
  /** By which people log in beside their passwords; absent: by these alone. */
  readonly openId?: OpenId | undefined;
  /** How often each caller may ask; absent: as often as he likes. */
  readonly rate?: CallerRate;
  readonly situation: Situation;
  /** Which alarms have one cause. */
  readonly grouping: AlarmGrouping;
  /** As the feed tells them. */
  readonly isolations: ToldIsolations;
  readonly registryDesk: RegistryDesk;
  readonly energyToday: EnergyToday;
  readonly store: Store;
  /** Of who did what; absent where no centre is behind the routes. */
  readonly audit?: AuditTrail;
  readonly auditInspection?: AuditInspection;
  readonly auditCare?: Pick<AuditCare, 'behind' | 'stampedAt' | 'trouble'>;
  readonly journal: Journal;
  readonly worker: Worker;
  readonly bus: LiveBus;
  readonly commands: CommandDesk;
  /** Where devices connect, as seen by who asked for this host. */
  readonly mqttUrl: (requestHost: string) => string;
  /** The way in for foreign messages, and how many sessions a source has at our MQTT door. */
  readonly foreign?: { readonly reception: ForeignReception; readonly sessionsOf: (sourceId: string) => number };
  /** Asks transmission devices. */
  readonly gb: Pick<GbReach, 'ask' | 'isConnected' | 'isListening'>;
  /** Other centres that frames of transmission devices are passed on to. */
  readonly relays?: Pick<Relays, 'relay' | 'ordersOf' | 'devicesOf'>;
  /** How people answer who are called; absent where nobody is. */
  readonly callOut?: Pick<CallOutDoors, 'phoneSecret' | 'push'> & { readonly linkKey: Buffer };
  /** Files of releases, and the keys whose releases are taken. */
  readonly releases: Releases;
  readonly clock: Clock;
  /** In which a day begins. */
  readonly timeZone: string;
  readonly log: Log;
  readonly isDemo: boolean;
  readonly version: string;
  /** Cookies get `Secure`, and HSTS is sent. */
  readonly isTls: boolean;
  readonly reportsPerSecond: () => number;
  /** Why nothing can be made durable right now; undefined when all is well. */
  readonly journalTrouble?: () => string | undefined;
  /** With which this centre leads; absent where nobody else could. */
  readonly lease?: { readonly trouble: string | undefined; readonly remainingMs: number };
  /** What is refused to leave room on the disk, and why. */
  readonly heldBack?: () => { readonly intake?: string; readonly history?: string };
  /** How the copies of everything stand; absent where none are made. */
  readonly backup?: () => BackupStanding;
  /** The disk of the journal. */
  readonly disk?: () => DiskFigures | undefined;
  /** Whether this token opens the seat at which canary alarms are checked off. */
  readonly isCanarySeat?: (token: string) => boolean;
  /** Whether it opens a mirror of the feed: of a process that serves seats. */
  readonly isMirrorSeat?: (token: string) => boolean;
  /** How canary alarms come through; absent where nothing listens. */
  readonly canary?: () => CanaryFigures | undefined;
  /** Roll-ups and retention; absent where none are made. */
  readonly history?: Pick<History, 'figures' | 'fold' | 'retain'>;
  /** For /metrics; absent where nothing listens. */
  readonly doors?: () => DoorFigures;
  /** Why the centre cannot do its work right now; [] when ready. */
  readonly troubles: () => readonly string[];
};
