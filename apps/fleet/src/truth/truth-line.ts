import type { Faults } from '../plan/faults.ts';

/** Ground truth, one JSON object a line, in the order in which it became true. Instants are epoch milliseconds. */
export type TruthLine =
  | {
      readonly is: 'run';
      readonly version: 1;
      /** 0…999,999: in every value and event of this run. */
      readonly run: number;
      readonly epoch: string;
      readonly startedAt: number;
      readonly seed: number;
      readonly protocol: 'mqtt' | 'gb26875';
      readonly ratePerS: number;
      readonly faults: Faults;
    }
  | {
      readonly is: 'device';
      readonly deviceId: string;
      readonly model: string;
      readonly gatewayId?: string;
      readonly skewMs?: number;
    }
  /** Written before the first byte leaves. */
  | {
      readonly is: 'sent';
      readonly deviceId: string;
      readonly seq: number;
      readonly at: number;
      readonly report: 'telemetry' | 'event';
    }
  /** The centre has promised to have it. */
  | { readonly is: 'acknowledged'; readonly deviceId: string; readonly seq: number; readonly at: number }
  /** With the report `seq`: a condition begins or ends. Once acknowledged its alarm must be there; any other must not. */
  | {
      readonly is: 'alarm';
      readonly deviceId: string;
      readonly seq: number;
      readonly at: number;
      readonly kind: string;
      readonly point: string;
      readonly level: string;
      readonly active: boolean;
    }
  /** A kind of alarm that a fault may raise at this device and need not. */
  | { readonly is: 'tolerated'; readonly deviceId: string; readonly kind: string }
  | { readonly is: 'end'; readonly at: number; readonly sent: number; readonly acknowledged: number };
