import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeCsv, writeXlsx } from '@fengsui/centre';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const exportCommand: Command = {
  usage: [
    'fengsui export city.xlsx',
    'fengsui export city.xlsx --language zh',
    'fengsui export FOLDER --csv',
    '',
    'Writes venues, contacts, areas, devices and circuits as import reads them; no secrets, no retired devices.',
    'Options: --csv (one file per sheet, into a folder)  --language zh|en (of the headings)  --data DIR',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { csv: { type: 'boolean' }, language: { type: 'string' }, data: { type: 'string' } },
    });
    const [target] = positionals;
    if (target === undefined) throw new UsageError('a file is needed, or with --csv a folder');
    const { language = 'en' } = values;
    if (language !== 'zh' && language !== 'en') throw new UsageError(`--language ${language}: expected zh or en`);
    const sheets = await administer(values.data, 'exportRegistry', { language });
    if (values.csv) {
      await mkdir(target, { recursive: true });
      for (const sheet of sheets) await writeFile(path.join(target, `${sheet.name}.csv`), writeCsv(sheet));
    } else await writeFile(target, writeXlsx(sheets));
    const rows = sheets.reduce((sum, sheet) => sum + sheet.rows.length - 1, 0);
    console.error(`${rows} rows in ${target}`);
    return 0;
  },
};
