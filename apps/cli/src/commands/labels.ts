import { open, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { defaultGrid, defaultLabelMm, labelSheet, writeLabels } from '@fengsui/centre';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const labelsCommand: Command = {
  usage: [
    'fengsui labels labels.pdf --url https://192.168.10.20:8119',
    'fengsui labels wave-1.pdf --url https://192.168.10.20:8119 --wave "第一批" --claim',
    '',
    'A4 sheets; each label has a QR code that opens the device under --url, its id, name, venue, place and circuits.',
    'With --claim each device gets a new claim code, which stands on its label and nowhere else; the code before ends.',
    'Keep that file like a secret until the devices are enrolled (it is readable by you alone).',
    `Options: --url URL  --venue ID (repeatable)  --wave NAME  --claim  --grid COLUMNSxROWS (${defaultGrid})`,
    `         --size WIDTHxHEIGHT in mm (${defaultLabelMm})  --language zh|en  --data DIR`,
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        venue: { type: 'string', multiple: true },
        wave: { type: 'string' },
        claim: { type: 'boolean' },
        grid: { type: 'string' },
        size: { type: 'string' },
        language: { type: 'string' },
        data: { type: 'string' },
      },
    });
    const [target] = positionals;
    if (target === undefined) throw new UsageError('a file for the PDF is needed');
    const url = URL.canParse(values.url ?? '') ? new URL(values.url ?? '') : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new UsageError(
        '--url is needed: the address under which phones reach this centre, https://192.168.10.20:8119',
      );
    const { language = 'zh', claim = false, venue: venueIds, wave } = values;
    if (language !== 'zh' && language !== 'en') throw new UsageError(`--language ${language}: expected zh or en`);
    const sheet = labelSheet(values.grid, values.size);
    if ('problem' in sheet) throw new UsageError(sheet.problem);
    // Before any code is made: a file that cannot be written would take the codes with it.
    const file = await open(target, claim ? 'wx' : 'w', 0o600);
    try {
      const labels = await administer(values.data, 'labels', {
        language,
        claim,
        ...(venueIds !== undefined && { venueIds }),
        ...(wave !== undefined && { wave }),
      });
      if (labels.length === 0) throw new Error('no device to label: see --venue and --wave');
      await pipeline(writeLabels(labels, sheet, url.origin), file.createWriteStream());
      const sheets = Math.ceil(labels.length / (sheet.columns * sheet.rows));
      console.error(`${labels.length} labels on ${sheets} sheets in ${target}`);
      return 0;
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(target, { force: true });
      throw error;
    }
  },
};
