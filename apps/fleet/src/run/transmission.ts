import type { Due, ReportKind } from '../plan/schedule.ts';

/** One report on its way, from its first transmission to its acknowledgement. */
export type Transmission = {
  readonly device: number;
  readonly seq: number;
  /** Of the device's clock, as it is in the payload. */
  readonly at: number;
  readonly kind: ReportKind;
  /** When it was due, by this machine's clock. */
  readonly dueAt: number;
  readonly isDuplicated: boolean;
  losesAck: boolean;
  isAgain: boolean;
};

/** A report that is due and not made yet: its number is given when it leaves. */
export type Waiting = { readonly due: Due; readonly dueAt: number };

/** What a connection tells the run. */
export type UplinkTold = {
  /** It is time to call `prepare` and `transmit`. */
  readonly hasWork: () => void;
  /** Gives the report its number and writes it into the truth. Undefined: this device has no numbers left. */
  readonly make: (waiting: Waiting) => Transmission | undefined;
  readonly acknowledged: (transmission: Transmission) => void;
  readonly opened: () => void;
  readonly closed: (why: string, refusal?: number) => void;
  readonly count: (what: 'resent' | 'duplicates' | 'garbage') => void;
};

/** One connection and the reports of all devices behind it, whatever the protocol. */
export type Uplink = {
  /** Reports that are neither acknowledged nor given up. */
  readonly pending: number;
  /** Of these, not sent yet. */
  readonly waiting: number;
  readonly isOpen: boolean;
  connect(): void;
  offer(waiting: Waiting): void;
  /** Makes what may leave now. The truth is on its file before `transmit` sends it. */
  prepare(): void;
  transmit(): void;
  cut(): void;
  leave(): void;
};
