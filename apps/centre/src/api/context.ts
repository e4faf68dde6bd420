import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { Accounts } from '../registry/accounts.ts';
import type { EnergyToday } from '../situation/energy-today.ts';
import type { LiveBus } from '../situation/live-bus.ts';
import type { Situation } from '../situation/situation.ts';
import type { Worker } from '../situation/worker.ts';
import type { Store } from '../store/store.ts';

/** What the routes work with. */
export type ApiContext = {
  readonly accounts: Accounts;
  readonly situation: Situation;
  readonly energyToday: EnergyToday;
  readonly store: Store;
  readonly journal: Journal;
  readonly worker: Worker;
  readonly bus: LiveBus;
  readonly clock: Clock;
  readonly log: Log;
  readonly isDemo: boolean;
  readonly version: string;
  /** Cookies get `Secure`, and HSTS is sent. */
  readonly isTls: boolean;
  readonly reportsPerSecond: () => number;
  /** Why the centre cannot do its work right now; [] when ready. */
  readonly troubles: () => readonly string[];
};
