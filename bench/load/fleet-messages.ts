import type { Latencies } from '../statistics.ts';
import type { DeviceCredential } from './device-connection.ts';

/** What the driver asks of the fleet's process; every order is answered by one `FleetAnswer`. */
export type FleetOrder =
  /** Adds connections to those there are. */
  | { readonly kind: 'connect'; readonly port: number; readonly devices: readonly DeviceCredential[] }
  /** Every connection keeps `window` reports unacknowledged, as fast as they are answered. */
  | {
      readonly kind: 'saturate';
      readonly connections: number;
      readonly window: number;
      readonly durationMs: number;
    }
  /** Open loop: `ratePerS` reports at their times, whatever is answered. */
  | {
      readonly kind: 'offer';
      readonly connections: number;
      readonly ratePerS: number;
      readonly durationMs: number;
    };

export type Saturated = {
  readonly kind: 'saturated';
  readonly acknowledged: number;
  /** Of all of them, until the last one came. */
  readonly perS: number;
  /** PUBACKs per second in each quarter of a second. */
  readonly ratesPerS: readonly number[];
  readonly latencyMs: Latencies;
};

export type Offered = {
  readonly kind: 'offered';
  readonly sent: number;
  readonly acknowledged: number;
  /** From the moment a report was due, not from the moment the generator came to send it, to its PUBACK. */
  readonly latencyMs: Latencies;
  /** How late the generator itself was. */
  readonly generatorLagMs: Latencies;
};

export type FleetAnswer =
  | { readonly kind: 'ready' }
  | { readonly kind: 'connected' }
  | Saturated
  | Offered
  | { readonly kind: 'failed'; readonly reason: string };
