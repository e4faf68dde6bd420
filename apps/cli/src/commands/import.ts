import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { importSheets, type ImportProblem, type ImportReport } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const importCommand: Command = {
  usage: [
    'fengsui import city.xlsx --preview',
    'fengsui import city.xlsx --secrets secrets.csv',
    'fengsui import venues.csv devices.csv --preview',
    'fengsui import FOLDER',
    '',
    'One workbook, or CSV files named like the sheets, or a folder of them. Everything is imported or nothing: with a',
    'single problem nothing is written, and the exit code is 1. docs/guides/import.md',
    `Sheets: ${importSheets.join(' ')}`,
    'Options: --preview  --secrets FILE (of new devices; readable by you alone)  --json  --data DIR',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        preview: { type: 'boolean' },
        secrets: { type: 'string' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (positionals.length === 0) throw new UsageError('a workbook, CSV files or a folder are needed');
    const { preview = false, secrets: secretsFile, data } = values;
    const files = (await Promise.all(positionals.map(filesOf))).flat();
    const keptFile = preview ? undefined : secretsFile;
    if (keptFile !== undefined) await reserve(keptFile);
    const report = await administer(data, 'importRegistry', { files, preview });
    const { secrets, ...shown } = report;
    if (keptFile !== undefined) {
      if (secrets === undefined) await rm(keptFile);
      else await writeSecrets(keptFile, secrets);
    }
    if (values.json) console.log(JSON.stringify(secretsFile === undefined ? report : shown));
    else print(report, preview, secretsFile);
    return report.problemCount === 0 ? 0 : 1;
  },
};

async function filesOf(given: string): Promise<{ readonly name: string; readonly base64: string }[]> {
  const isFolder = (await stat(given)).isDirectory();
  const names = isFolder
    ? (await readdir(given)).filter((name) => /[.](csv|tsv)$/i.test(name)).map((name) => path.join(given, name))
    : [given];
  if (names.length === 0) throw new Error(`${given} holds no CSV file`);
  return Promise.all(
    names.map(async (name) => ({ name: path.basename(name), base64: (await readFile(name)).toString('base64') })),
  );
}

/** Before anything is written: secrets that cannot be kept are lost, for they are shown once. */
async function reserve(file: string): Promise<void> {
  await writeFile(file, '', { flag: 'wx', mode: 0o600 });
}

async function writeSecrets(file: string, secrets: NonNullable<ImportReport['secrets']>): Promise<void> {
  const lines = secrets.map(({ deviceId, secret }) => `${deviceId},${secret}`);
  await writeFile(file, `${['deviceId,secret', ...lines].join('\n')}\n`, { mode: 0o600 });
}

function print(report: ImportReport, isPreview: boolean, secretsFile: string | undefined): void {
  for (const { sheet, rows, added, changed, unchanged } of report.sheets)
    console.log(`${sheet}: ${rows} rows, ${added} new, ${changed} changed, ${unchanged} unchanged`);
  for (const problem of report.problems) console.log(problemLine(problem));
  if (report.problemCount > report.problems.length)
    console.log(`and ${report.problemCount - report.problems.length} problems more`);
  const count = report.secrets?.length ?? 0;
  if (report.problemCount > 0) console.error(`${report.problemCount} problems: nothing was written`);
  else if (isPreview) console.error('no problems; nothing was written, this was the preview');
  else if (secretsFile !== undefined) console.error(`imported; ${count} secrets are in ${secretsFile}`);
  else {
    for (const { deviceId, secret } of report.secrets ?? []) console.log(`${deviceId},${secret}`);
    console.error(count > 0 ? 'imported; the secrets above are shown this once' : 'imported');
  }
}

function problemLine({ sheet, row, column, message, fix }: ImportProblem): string {
  const place = [sheet, row === undefined ? undefined : `row ${row}`, column].filter((part) => part !== undefined);
  return `${place.join(', ')}: ${message}. Fix: ${fix}`;
}
