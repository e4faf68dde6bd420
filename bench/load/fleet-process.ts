import process from 'node:process';
import { DeviceConnection } from './device-connection.ts';
import type { FleetAnswer, FleetOrder } from './fleet-messages.ts';
import { offer } from './offer.ts';
import { Reporter } from './reporter.ts';
import { saturate } from './saturate.ts';

/** The load generator as a process of its own: what it costs is not the centre's. */
const CONNECTING_AT_ONCE = 50;
const reporters: Reporter[] = [];
const epoch = Date.now().toString(36);

async function obey(order: FleetOrder): Promise<FleetAnswer> {
  switch (order.kind) {
    case 'connect': {
      for (let from = 0; from < order.devices.length; from += CONNECTING_AT_ONCE) {
        const group = order.devices.slice(from, from + CONNECTING_AT_ONCE);
        const connections = await Promise.all(group.map((device) => DeviceConnection.open(order.port, device)));
        reporters.push(...connections.map((connection) => new Reporter(connection, epoch)));
      }
      return { kind: 'connected' };
    }
    case 'saturate':
      return saturate(reporters.slice(0, order.connections), order.window, order.durationMs);
    case 'offer':
      return offer(reporters.slice(0, order.connections), order.ratePerS, order.durationMs);
  }
}

const answer = (message: FleetAnswer): void => void process.send?.(message);

process.on('message', (order: FleetOrder) => {
  obey(order).then(answer, (error: unknown) =>
    answer({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
answer({ kind: 'ready' });
