import process from 'node:process';
import { parseArgs } from 'node:util';
import { createLog, loadConfig, openCore, openDataFolder, systemClock } from '@fengsui/centre';
import { fileOf } from '../administer.ts';
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
    const data = await openDataFolder(folder, config.database.url === undefined ? 'embedded' : 'server');
    try {
      const core = await openCore({
        journalFolder: data.journal,
        storeFolder: data.store,
        keysFolder: data.keys,
        databaseUrl: config.database.url,
        clock: systemClock,
        log: createLog({ level: 'info', json: false }),
        isDemo: false,
        timeZone: config.site.timeZone,
      });
      await core.close();
    } finally {
      await data.release();
    }
    console.error('the store has the newest schema');
    return 0;
  },
};
