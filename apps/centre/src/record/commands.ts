import type { DeviceCommand } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import { commandView } from '../situation/command-view.ts';
import type { KeptCommand } from '../situation/kept-command.ts';
import type { Store } from '../store/store.ts';

export type CommandPosition = { readonly requestedAt: number; readonly id: string };

/** Commands of a device, newest first. */
export async function listCommands(
  scope: Scope,
  store: Store,
  query: { readonly deviceId: string; readonly before?: CommandPosition; readonly limit: number },
): Promise<readonly DeviceCommand[]> {
  const sql =
    `select doc from command where ($1::text[] is null or venue_id = any($1::text[])) and device_id = $2 ` +
    `and ($3::int8 is null or (requested_at, id) < ($3::int8, $4::text)) order by requested_at desc, id desc limit $5`;
  const { deviceId, before, limit } = query;
  const rows = await store.query(sql, [
    scopeParameter(scope),
    deviceId,
    before?.requestedAt ?? null,
    before?.id ?? null,
    limit,
  ]);
  return rows.map(({ doc }) => commandView(doc as KeptCommand));
}

export async function findCommand(
  scope: Scope,
  store: Store,
  deviceId: string,
  id: string,
): Promise<DeviceCommand | undefined> {
  const sql = `select doc from command where ($1::text[] is null or venue_id = any($1::text[])) and device_id = $2 and id = $3`;
  const [row] = await store.query(sql, [scopeParameter(scope), deviceId, id]);
  return row === undefined ? undefined : commandView(row['doc'] as KeptCommand);
}
