import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { lanes, type Lane } from '../journal/entry.ts';
import { listSegments, scanSegment } from '../journal/segment-file.ts';
import { schemaVersionOf } from '../store/schema-version.ts';
import type { Store } from '../store/store.ts';
import { BackupError } from './backup-format.ts';
import { findPgProgram, runPgProgram } from './pg-program.ts';

export type StoreContents = {
  readonly schemaVersion: number;
  /** Rows of each table, the largest first; a partitioned table once. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** How far each lane of the journal is applied. */
  readonly applied: Readonly<Record<Lane, number>>;
};

/** Reads every row of every table: pages that recovery left damaged are found. */
export async function lookIntoStore(store: Store): Promise<StoreContents> {
  const found = await store.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`,
  );
  const tables: { name: string; rows: number }[] = [];
  for (const { name } of found) {
    const [row] = await store.query(`SELECT count(*) AS n FROM "${String(name).replaceAll('"', '""')}"`);
    tables.push({ name: String(name), rows: Number(row?.['n']) });
  }
  const applied: Record<Lane, number> = { alarm: 0, bulk: 0 };
  for (const row of await store.query('SELECT lane, max(sequence) AS sequence FROM checkpoint GROUP BY lane')) {
    applied[row['lane'] as Lane] = Number(row['sequence']);
  }
  return { schemaVersion: await schemaVersionOf(store), tables: largestFirst(tables), applied };
}

/** The same of a dump, without a server: every row is unpacked and counted. @throws BackupError when it cannot be read. */
export async function lookIntoDump(dumpFile: string): Promise<StoreContents> {
  const rows = new Map<string, number>();
  const applied: Record<Lane, number> = { alarm: 0, bulk: 0 };
  let schemaVersion = 0;
  const read = async (output: Readable): Promise<void> => {
    let table: string | undefined;
    let columns: readonly string[] = [];
    for await (const line of createInterface({ input: output, crlfDelay: Infinity })) {
      if (table === undefined) {
        const [, name, list] = /^COPY public\.(\S+) \((.*)\) FROM stdin;$/.exec(line) ?? [];
        if (name === undefined) continue;
        table = name.replaceAll('"', '');
        columns = (list ?? '').split(', ');
        rows.set(table, 0);
      } else if (line === '\\.') table = undefined;
      else {
        rows.set(table, (rows.get(table) ?? 0) + 1);
        const value = (column: string): string => line.split('\t')[columns.indexOf(column)] ?? '';
        if (table === 'schema_version') schemaVersion = Math.max(schemaVersion, Number(value('version')));
        if (table === 'checkpoint') {
          const lane = value('lane') as Lane;
          applied[lane] = Math.max(applied[lane] ?? 0, Number(value('sequence')));
        }
      }
    }
  };
  const program = await findPgProgram('pg_restore');
  await runPgProgram(program, ['--data-only', '--file=-', dumpFile], { onOutput: read });
  const tables = [...rows].map(([name, count]) => ({ name, rows: count }));
  return { schemaVersion, tables: largestFirst(tables), applied };
}

const largestFirst = (tables: readonly { name: string; rows: number }[]): typeof tables =>
  [...tables].sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));

/**
 * The last entry of each lane in a journal's folder.
 *
 * @throws BackupError when an entry that the store has not applied is missing or cannot be read.
 */
export async function lookIntoJournal(
  folder: string,
  applied: Readonly<Record<Lane, number>>,
): Promise<Readonly<Record<Lane, number>>> {
  const last: Record<Lane, number> = { ...applied };
  for (const lane of lanes) {
    const segments = await listSegments(folder, lane).catch(() => []);
    for (const [index, segment] of segments.entries()) {
      const { entries, damage } = await scanSegment(segment.file, lane);
      const first = entries[0]?.sequence;
      if (first !== undefined && first > last[lane] + 1) {
        throw new BackupError(`journal ${lane}: entries ${last[lane] + 1} to ${first - 1} are missing`);
      }
      last[lane] = Math.max(last[lane], entries.at(-1)?.sequence ?? 0);
      // The last segment was written while it was copied: what is cut off there had not been acknowledged.
      if (damage !== undefined && index < segments.length - 1) throw new BackupError(`${segment.file}: ${damage}`);
    }
  }
  return last;
}
