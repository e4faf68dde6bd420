import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { BackupResult, BackupState, OpenedBackup } from '@fengsui/centre';
import { callControlSocket } from '@fengsui/centre/control-socket';
import { chooseFolder, fileOf } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

const LOOK_EVERY_MS = 250;

export const backupCommand: Command = {
  usage: [
    'fengsui backup create                                   one file of everything, in DATA/backups; the centre goes on',
    'fengsui backup create --to /mnt/nas/fengsui.tar.gz',
    'fengsui backup verify FILE                              every file against its SHA-256',
    'fengsui backup verify FILE --deep                       and restored into a temporary folder, opened, counted',
    'fengsui backup restore FILE --data DIR                  into a new or empty folder',
    '',
    'The file holds keys and secrets: keep it as you keep those. docs/guides/backup.md',
    'Options: --data DIR  --to FILE  --deep  --json',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        to: { type: 'string' },
        deep: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    });
    const isJson = values.json === true;
    const [file, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`backup ${action ?? ''}: unexpected ${more.join(' ')}`);
    if (action === 'create') {
      if (file !== undefined) throw new UsageError(`backup create: unexpected ${file}; the file goes behind --to`);
      return tell(isJson, await create(await chooseFolder(values.data), values.to), createdWords);
    }
    if (action !== 'verify' && action !== 'restore')
      throw new UsageError(`backup ${action ?? ''}: expected create, verify or restore`);
    if (file === undefined) throw new UsageError(`backup ${action}: name the file`);
    if (action === 'verify') return verify(path.resolve(file), values.deep === true, isJson);
    if (values.data === undefined) throw new UsageError('backup restore: name the new folder with --data');
    return restore(path.resolve(file), path.resolve(values.data), isJson);
  },
};

function tell<Result>(isJson: boolean, result: Result, words: (result: Result) => readonly string[]): number {
  console.log(isJson ? JSON.stringify(result) : words(result).join('\n'));
  return 0;
}

const createdWords = ({ file, bytes, asOf }: BackupResult): readonly string[] => [
  `${file}`,
  `${mb(bytes)}, holds what was acknowledged by ${asOf}`,
];

async function create(folder: string, to: string | undefined): Promise<BackupResult> {
  const wanted = to === undefined ? {} : { to: path.resolve(to) };
  const running = await callControlSocket(folder, 'backupCreate', wanted);
  if (running === undefined) return createOfStopped(folder, to);
  if ('error' in running) throw new Error(running.error);
  const { file } = running.result as { readonly file: string };
  for (;;) {
    const answer = await callControlSocket(folder, 'backupState', {});
    if (answer === undefined) throw new Error('the centre stopped before the backup was made');
    if ('error' in answer) throw new Error(answer.error);
    const state = answer.result as BackupState;
    if (state.kind === 'running') showProgress(state.bytesRead);
    else if (state.kind === 'none' || state.file !== file) throw new Error(`nothing is known of the backup ${file}`);
    else if (state.kind === 'failed') throw new Error(state.reason);
    else return state;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function showProgress(bytesRead: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${mb(bytesRead)} read `);
}

async function createOfStopped(folder: string, to: string | undefined): Promise<BackupResult> {
  if (!existsSync(path.join(folder, 'journal')))
    throw new Error(`there is no data folder ${folder}; name it with --data`);
  const {
    addWaiting,
    backupAct,
    backupName,
    createBackup,
    loadConfig,
    noteLastBackup,
    openBackupStore,
    openDataFolder,
    waitingFileIn,
  } = await import('@fengsui/centre');
  const { standingOrder } = await import('../backup-order.ts');
  const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
  const { url } = config.database;
  const data = await openDataFolder(folder, url === undefined ? 'embedded' : 'server');
  try {
    const store = await openBackupStore(data.store, url);
    try {
      const order = standingOrder(data, config, () => Date.now());
      const file = path.resolve(to ?? path.join(data.backups, backupName('asked', Date.now())));
      const made = await createBackup({ ...order, store, to: file, reason: 'asked', isGentle: false });
      await noteLastBackup(data.backups, made);
      // The next start puts it into the chain.
      await addWaiting(waitingFileIn(data.keys), {
        draft: { ...backupAct(file, 'asked'), result: 'done' },
        at: Date.now(),
      });
      return made;
    } finally {
      await store.close();
    }
  } finally {
    await data.release();
  }
}

async function verify(file: string, isDeep: boolean, isJson: boolean): Promise<number> {
  const { verifyBackup, verifyDeep } = await import('@fengsui/centre');
  const opened = isDeep ? await verifyDeep(file) : undefined;
  const { header, manifest, bytes } = opened ?? (await verifyBackup(file));
  const { files, asOf } = manifest;
  const contents = opened && { tables: opened.tables, applied: opened.applied, journalled: opened.journalled };
  return tell(isJson, { ...header, asOf, files: files.length, bytes, ...contents }, () => [
    `${file}: whole`,
    `Fengsui ${header.productVersion}, schema ${header.schemaVersion}, ${engineWords(header.engine)}, ${files.length} files, ${mb(bytes)} unpacked`,
    `holds what was acknowledged by ${asOf}`,
    ...(opened === undefined ? [] : openedWords(opened)),
    ...outsideWords(header.outside),
  ]);
}

async function restore(file: string, folder: string, isJson: boolean): Promise<number> {
  const { loadConfig, restoreBackup } = await import('@fengsui/centre');
  // Without a configuration file: the one that counts is in the backup. The environment may name the database.
  const { config } = loadConfig({ environment: process.env });
  const restored = await restoreBackup({ file, folder, databaseUrl: config.database.url });
  const { header, asOf, bytes } = restored;
  return tell(isJson, { ...header, asOf, folder, bytes, tables: restored.tables }, () => [
    `${folder}: restored from ${file} (${mb(bytes)})`,
    `as of ${asOf}: what was acknowledged later is not there`,
    ...openedWords(restored),
    ...outsideWords(header.outside),
    `next: fengsui start --no-demo --data ${folder}`,
  ]);
}

function openedWords({ tables, applied, journalled }: OpenedBackup): readonly string[] {
  const waiting = journalled.alarm - applied.alarm + (journalled.bulk - applied.bulk);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const largest = tables.filter((table) => table.rows > 0).slice(0, 5);
  return [
    `${rows} rows in ${tables.length} tables: ${largest.map(({ name, rows: count }) => `${name} ${count}`).join(', ')}`,
    `journal: alarm lane to ${journalled.alarm}, bulk lane to ${journalled.bulk}; ${waiting} entries are applied at the first start`,
  ];
}

const outsideWords = (outside: readonly string[]): readonly string[] =>
  outside.map((place) => `not in the backup, it lies outside the data folder: ${place}`);

const engineWords = (engine: 'pglite' | 'postgres'): string => (engine === 'pglite' ? 'embedded store' : 'PostgreSQL');

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
