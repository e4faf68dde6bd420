import { MAX_CELLS, WorkbookError, type Sheet } from './sheet.ts';

/** Text of a CSV file: UTF-8, UTF-16 with its mark, else GB 18030, which spreadsheets in China write. */
export function decodeCsvText(bytes: Uint8Array): string {
  const marks = [
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
  ] as const;
  for (const [encoding, mark] of marks) {
    if (mark.every((byte, index) => bytes[index] === byte)) return new TextDecoder(encoding).decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/**
 * RFC 4180 with comma, semicolon or tab, whichever the heading has most of; quoted cells may hold line breaks. A row
 * keeps the number of its first line, as an editor counts.
 *
 * @throws WorkbookError when a quote is never closed.
 */
export function readCsv(text: string, name: string): Sheet {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const rows: { number: number; cells: string[] }[] = [];
  let line = 1;
  let cells: string[] = [];
  let startLine = 1;
  let cellCount = 0;
  let at = 0;
  const endRow = (): void => {
    if (cells.some((cell) => cell !== '')) rows.push({ number: startLine, cells });
    cells = [];
  };
  while (at < source.length) {
    if (cells.length === 0) startLine = line;
    let cell: string;
    if (source[at] === '"') {
      const begin = ++at;
      for (;;) {
        at = source.indexOf('"', at);
        if (at < 0) throw new WorkbookError('openQuote', `${name}: the quote in line ${startLine} is never closed`);
        if (source[at + 1] !== '"') break;
        at += 2;
      }
      const quoted = source.slice(begin, at);
      line += quoted.split('\n').length - 1;
      at++;
      const tail = upTo(source, at, separator);
      cell = quoted.replaceAll('""', '"') + tail;
      at += tail.length;
    } else {
      const plain = upTo(source, at, separator);
      cell = plain;
      at += plain.length;
    }
    if (++cellCount > MAX_CELLS) throw new WorkbookError('tooLarge', `${name} has more than ${MAX_CELLS} cells`);
    cells.push(unguarded(cell.trim()));
    if (source[at] === separator) {
      at++;
      // A line may end with an empty cell.
      if (at >= source.length || source[at] === '\n' || source[at] === '\r') cells.push('');
      else continue;
    }
    if (source[at] === '\r') at++;
    if (source[at] === '\n') at++;
    line++;
    endRow();
  }
  endRow();
  return { name, rows };
}

function upTo(source: string, from: number, separator: string): string {
  let end = from;
  while (end < source.length && source[end] !== separator && source[end] !== '\n' && source[end] !== '\r') end++;
  return source.slice(from, end);
}

function separatorOf(source: string): string {
  const heading = /^[^\n\r]*/.exec(source)?.[0] ?? '';
  const counted = [',', ';', '\t'].map((separator) => [separator, heading.split(separator).length] as const);
  return counted.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}

/** A cell that a spreadsheet would run as a formula is written with an apostrophe before it, and read without. */
const RUNS = /^[=+\-@\t\r]/;
const unguarded = (cell: string): string => (cell.startsWith("'") && RUNS.test(cell.slice(1)) ? cell.slice(1) : cell);

/** RFC 4180 with a byte-order mark, so that spreadsheets take it for UTF-8. */
export function writeCsv({ rows }: Sheet): string {
  const lines = rows.map(({ cells }) =>
    cells
      .map((cell) => (RUNS.test(cell) && !/^-?\d+([.]\d+)?$/.test(cell) ? `'${cell}` : cell))
      .map((cell) => (/[",;\n\r\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
      .join(','),
  );
  return `\uFEFF${lines.join('\r\n')}\r\n`;
}
