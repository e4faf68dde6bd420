import process from 'node:process';
import { parseArgs } from 'node:util';
import { createLog, loadConfig, openCore, openDataFolder, storePlaceOf, systemClock } from '@fengsui/centre';
import { fileOf } from '../administer.ts';
import { migrationCare } from '../backup-order.ts';
import { UsageError, type Command } from '../command.ts';
import { dataFolderOf } from '../data-option.ts';

export const dbCommand: Command = {
  usage: [
    'fengsui db migrate --data DIR',
    '',
    'start does the same by itself. The centre must be stopped.',
    'Options: --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({ args: [...args], options: { data: { type: 'string' } } });
    if (action !== 'migrate') throw new UsageError(`db ${action ?? ''}: expected migrate`);
    const folder = dataFolderOf(values.data, false);
    const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
    const data = await openDataFolder(folder, storePlaceOf(config));
    const log = createLog({ level: 'info', json: false });
    try {
      const core = await openCore({
        journalFolder: data.journal,
        storeFolder: data.store,
        keysFolder: data.keys,
        databaseUrl: config.database.url,
        natsUrl: config.nats.url,
        natsStream: config.nats.stream,
        clock: systemClock,
        log,
        isDemo: false,
        timeZone: config.site.timeZone,
        ...migrationCare(data, config, log),
      });
      await core.close();
    } finally {
      await data.release();
    }
    console.error('the store has the newest schema');
    return 0;
  },
};
