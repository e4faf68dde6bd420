import type { GbUnit } from '@fengsui/protocol';
import type { GbPath } from './gb-path.ts';
import { TakeOvers } from './take-overs.ts';
import { GbTransactions } from './transactions.ts';

/** What the door knows of one device; outlives its connections, as its serial numbers do. */
export class DeviceLink {
  readonly deviceId: string;
  readonly transactions: GbTransactions;
  readonly takeOvers = new TakeOvers();
  path: GbPath | undefined;
  session = 0;
  /** Drawn when its session was opened. */
  openedOrder = 0;
  heardAt = 0;
  /** When the journal last heard that the device lives. */
  notedAt = -Infinity;
  /** Our address as the device writes it; undefined until it has. */
  ownAddress: string | undefined;
  /** When to greet a new connection: clock and state. */
  greetAt: number | undefined;
  syncAt = Infinity;
  patrolAt = Infinity;
  clashToldAt = -Infinity;
  /** When a connection of the device was last heard of that another door has. */
  connectedElsewhereAt = -Infinity;

  constructor(
    deviceId: string,
    transmit: (link: DeviceLink, serial: number, command: number, unit: GbUnit, now: number) => boolean,
    replyTimeoutMs: number | undefined,
  ) {
    this.deviceId = deviceId;
    this.transactions = new GbTransactions(
      (serial, command, unit, now) => transmit(this, serial, command, unit, now),
      replyTimeoutMs,
    );
  }
}
