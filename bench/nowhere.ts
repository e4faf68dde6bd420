import type { Uplink } from '@fengsui/terminal';

/** Takes everything and owes nothing. */
export const nowhere: Uplink = {
  start: () => undefined,
  send: () => undefined,
  hasRoom: () => true,
  status: () => ({
    isConnected: true,
    waiting: 0,
    inFlight: 0,
    bytes: 0,
    acknowledged: 0,
    droppedTelemetry: 0,
    refusedCaptures: 0,
  }),
  stop: async () => 0,
};
