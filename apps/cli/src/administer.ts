import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { callControlSocket } from '@fengsui/centre/control-socket';
import { administrationCalls, type AdministrationCall } from './administration-calls.ts';

/**
 * Runs an administrative command on a data folder: through the local socket when its centre runs, otherwise by opening
 * the store itself. `given` is --data; without it the folder of a running or existing centre is looked for.
 */
export async function administer<Name extends keyof AdministrationCall>(
  given: string | undefined,
  name: Name,
  parameters: AdministrationCall[Name]['parameters'],
): Promise<AdministrationCall[Name]['result']> {
  const folder = await chooseFolder(given);
  const answer = await callControlSocket(folder, name, parameters);
  if (answer !== undefined) {
    if ('error' in answer) throw new Error(answer.error);
    return answer.result as AdministrationCall[Name]['result'];
  }
  // A running centre answers in a moment; what opens a store is loaded only for a stopped one.
  const {
    Administration,
    auditCareSettings,
    createLog,
    loadConfig,
    markInitialised,
    openCore,
    openDataFolder,
    storePlaceOf,
    systemClock,
  } = await import('@fengsui/centre');
  const { migrationCare } = await import('./backup-order.ts');
  const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
  const log = createLog({ level: 'warn', json: false });
  const data = await openDataFolder(folder, storePlaceOf(config));
  try {
    const core = await openCore({
      journalFolder: data.journal,
      storeFolder: data.store,
      keysFolder: data.keys,
      databaseUrl: config.database.url,
      natsUrl: config.nats.url,
      natsStream: config.nats.stream,
      gbProfileFolder: config.gb26875.profiles,
      workRulesFile: config.work.rules,
      clock: systemClock,
      log,
      isDemo: false,
      timeZone: config.site.timeZone,
      access: config.access,
      stampCertificates: auditCareSettings(config.audit, config.site.timeZone).stampCertificates,
      ...migrationCare(data, config, log),
    });
    try {
      await markInitialised(folder);
      const administration = new Administration(core);
      return await administration.onRecord(name, parameters, () =>
        administrationCalls[name](administration, parameters),
      );
    } finally {
      await core.close();
    }
  } finally {
    await data.release();
  }
}

export function fileOf(folder: string): { file?: string } {
  const file = process.env['FENGSUI_CONFIG'] ?? path.join(folder, 'config.json');
  return existsSync(file) ? { file } : {};
}

/** A running centre of the two default folders is meant before a stopped one, the real one before the demo. */
export async function chooseFolder(given: string | undefined): Promise<string> {
  const named = given ?? process.env['FENGSUI_DATA'];
  if (named !== undefined) return path.resolve(named);
  const candidates = ['data/centre', 'data/demo'].map((folder) => path.resolve(folder));
  for (const candidate of candidates) {
    if ((await callControlSocket(candidate, 'ping', {})) !== undefined) return candidate;
  }
  return candidates.find((candidate) => existsSync(path.join(candidate, 'store'))) ?? (candidates[0] as string);
}
