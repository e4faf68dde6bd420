import process from 'node:process';

export const logLevels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof logLevels)[number];

export type Log = Readonly<Record<LogLevel, (message: string, fields?: Readonly<Record<string, unknown>>) => void>>;

const unicodeEscape = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Values from outside may hold line breaks, terminal escapes, and marks that turn the direction of what is shown, so
 * that a line reads otherwise than it is: one entry is one line, read as it stands (OWASP ASVS 16.4.1).
 */
const escapeControls = (text: string): string =>
  text
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    .replace(UNSEEN, unicodeEscape);

/** Separators of lines and paragraphs, marks and overrides of direction (Unicode, UAX 9). */
const UNSEEN = /[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON.stringify escapes C0 only; DEL and C1 hold terminal commands too (U+009B begins them). */
const escapeForJson = (json: string): string =>
  json.replace(/[\u007f-\u009f]/g, unicodeEscape).replace(UNSEEN, unicodeEscape);

/** Words on stderr, one line each; JSON lines when stderr is not a terminal's. */
export function createLog(options: {
  readonly level: LogLevel;
  readonly json: boolean;
  readonly write?: (line: string) => void;
}): Log {
  const write = options.write ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const threshold = logLevels.indexOf(options.level);
  const emit =
    (level: LogLevel) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      if (logLevels.indexOf(level) > threshold) return;
      const at = new Date().toISOString();
      if (options.json) {
        write(escapeForJson(JSON.stringify({ ...fields, at, level, message })));
        return;
      }
      const rest = Object.entries(fields).map(
        ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      );
      write(escapeControls([at, level, message, ...rest].join(' ')));
    };
  return { error: emit('error'), warn: emit('warn'), info: emit('info'), debug: emit('debug') };
}
