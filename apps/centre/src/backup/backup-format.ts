import { Type, type Static } from 'typebox';
import { Check, Errors } from 'typebox/value';

/** Changes when an older program could not read the file any more. */
export const BACKUP_FORMAT = 1;

/** First entry of the archive: what the file is, before anything large is read. */
export const HEADER_NAME = 'fengsui-backup.json';
/** Last entry: without it the file is not whole. */
export const MANIFEST_NAME = 'manifest.json';
/** Files of the data folder lie below this. */
export const DATA_PREFIX = 'data/';
/** What pg_dump wrote, in its custom format. */
export const DUMP_NAME = 'database.dump';

const Reason = Type.Union([Type.Literal('asked'), Type.Literal('scheduled'), Type.Literal('beforeMigration')]);
export type BackupReason = Static<typeof Reason>;

const BackupHeader = Type.Object({
  format: Type.Literal('fengsui-backup'),
  formatVersion: Type.Integer({ minimum: 1 }),
  productVersion: Type.String(),
  schemaVersion: Type.Integer({ minimum: 0 }),
  createdAt: Type.String(),
  engine: Type.Union([Type.Literal('pglite'), Type.Literal('postgres')]),
  /** Major version of PostgreSQL: files of another one cannot be opened, a dump of a newer one not be read. */
  engineMajor: Type.Integer(),
  reason: Reason,
  /** Settings that name files outside the data folder: those are not in the backup. */
  outside: Type.Array(Type.String()),
});
export type BackupHeader = Static<typeof BackupHeader>;

const BackupManifest = Type.Object({
  files: Type.Array(
    Type.Object({
      path: Type.String(),
      size: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
  folders: Type.Array(Type.String()),
  /** Whatever the centre had acknowledged by then is in the backup. */
  asOf: Type.String(),
});
export type BackupManifest = Static<typeof BackupManifest>;

/** A file that is no backup, or none that this program can read; one clear line for a person. */
export class BackupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'BackupError';
  }
}

/** @throws BackupError when it is no header, or one of a later format. */
export function readHeader(file: string, text: string): BackupHeader {
  const given = parse(file, HEADER_NAME, text);
  const { format, formatVersion, productVersion } = given as Partial<BackupHeader>;
  if (format !== 'fengsui-backup') throw new BackupError(`${file} is no backup of Fengsui`);
  if (typeof formatVersion === 'number' && formatVersion > BACKUP_FORMAT) {
    throw new BackupError(
      `${file} has backup format ${formatVersion}, this program reads up to ${BACKUP_FORMAT}; use Fengsui ${productVersion ?? 'of a later version'} or newer`,
    );
  }
  return checked(file, HEADER_NAME, BackupHeader, given);
}

export function readManifest(file: string, text: string): BackupManifest {
  return checked(file, MANIFEST_NAME, BackupManifest, parse(file, MANIFEST_NAME, text));
}

function parse(file: string, name: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new BackupError(`${file}: ${name} is damaged`);
}

function checked<Schema extends typeof BackupHeader | typeof BackupManifest>(
  file: string,
  name: string,
  schema: Schema,
  value: unknown,
): Static<Schema> {
  if (Check(schema, value)) return value;
  const [first] = Errors(schema, value);
  throw new BackupError(`${file}: ${name} is damaged (${first?.instancePath ?? ''} ${first?.message ?? ''})`);
}
