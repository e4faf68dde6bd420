import { UsageError } from './command.ts';

/**
 * What one process does: everything; the doors for devices alone; seats alone; a share of the situation alone; everything
 * but the doors for devices.
 */
export type Role = 'all' | 'gateway' | 'seats' | 'worker' | 'centre';

const ROLES = ['gateway', 'worker', 'api'];

/** @throws UsageError for words that are no roles, and for a split that does not exist. */
export function readRole(given: string | undefined): Role {
  if (given === undefined || given === 'all') return 'all';
  const roles = given.split(',');
  const unknown = roles.find((role) => !ROLES.includes(role));
  if (unknown !== undefined)
    throw new UsageError(`--roles ${given}: ${unknown} is unknown, expected ${ROLES.join(', ')}`);
  const has = (role: string): boolean => roles.includes(role);
  if (ROLES.every(has)) return 'all';
  if (has('gateway') && !has('worker') && !has('api')) return 'gateway';
  if (has('api') && !has('worker') && !has('gateway')) return 'seats';
  if (has('worker') && !has('gateway') && !has('api')) return 'worker';
  if (!has('gateway') && has('worker') && has('api')) return 'centre';
  throw new UsageError(`--roles ${given}: expected all, gateway, api, worker, or worker,api`);
}

/** Where a centre is several processes, devices connect to the gateways. */
export const hasDeviceDoors = (role: Role): boolean => role === 'all' || role === 'gateway';

/** @throws Error when processes of their own would have nothing to share. */
export function checkShared(
  role: Role,
  config: {
    readonly database: { readonly url: string | undefined };
    readonly nats: { readonly url: string | undefined };
  },
): { readonly databaseUrl: string; readonly natsUrl: string } | undefined {
  if (role === 'all') return undefined;
  const { url: databaseUrl } = config.database;
  const { url: natsUrl } = config.nats;
  if (databaseUrl === undefined || natsUrl === undefined)
    throw new Error(
      `--roles: processes of one centre share database.url and nats.url; ${databaseUrl === undefined ? 'database.url' : 'nats.url'} is not set`,
    );
  return { databaseUrl, natsUrl };
}
