import { EvaluationError } from '../suite.ts';

/** Rows of a table by column name; texts as they stand. */
export type CsvTable = { readonly columns: readonly string[]; readonly rows: readonly ReadonlyMap<string, string>[] };

/**
 * RFC 4180: comma, one header line, double quotes round fields that hold a comma, a quote or a line end; lines end in
 * CRLF or LF, a byte order mark is ignored. Throws EvaluationError naming the line of a quote or a row that is wrong.
 */
export function parseCsv(text: string, place: string): CsvTable {
  const records = readRecords(text.replace(/^\uFEFF/, ''), place);
  const [header, ...body] = records;
  if (header === undefined) throw new EvaluationError(`${place}: empty, expected a header line`);
  const columns = header.fields;
  const repeated = columns.find((column, i) => columns.indexOf(column) !== i);
  if (repeated !== undefined) throw new EvaluationError(`${place}: column ${repeated} occurs twice`);
  const rows = body.map(({ fields, line }) => {
    if (fields.length !== columns.length) {
      throw new EvaluationError(`${place} line ${line}: ${fields.length} fields, expected ${columns.length}`);
    }
    return new Map(columns.map((column, i) => [column, fields[i] ?? '']));
  });
  return { columns, rows };
}

/** A number of a row; NaN when the cell is empty, `NaN`, or the column is not there. Throws on any other text. */
export function numberCell(row: ReadonlyMap<string, string>, column: string, place: string): number {
  const text = (row.get(column) ?? '').trim();
  if (text === '' || text === 'NaN') return NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw new EvaluationError(`${place}: ${column} is "${text}", expected a number`);
  return value;
}

type CsvRecord = { readonly fields: string[]; readonly line: number };

function readRecords(text: string, place: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const fields: string[] = [];
    const startLine = line;
    for (;;) {
      let field: string;
      if (text[at] === '"') {
        let end = at + 1;
        while (text[end] !== '"' || text[end + 1] === '"') {
          if (end >= text.length) throw new EvaluationError(`${place} line ${startLine}: a quote is not closed`);
          if (text[end] === '\n') line++;
          end += text[end] === '"' ? 2 : 1;
        }
        field = text.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
        if (at < text.length && !',\r\n'.includes(text[at] ?? '')) {
          throw new EvaluationError(`${place} line ${line}: text behind a closing quote`);
        }
      } else {
        let end = at;
        while (end < text.length && !',\r\n'.includes(text[end] ?? '')) {
          if (text[end] === '"') throw new EvaluationError(`${place} line ${line}: a quote inside an unquoted field`);
          end++;
        }
        field = text.slice(at, end);
        at = end;
      }
      fields.push(field);
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    // A line of nothing at all is the end of the file, not a row of one empty field.
    if (fields.length > 1 || fields[0] !== '') records.push({ fields, line: startLine });
  }
  return records;
}
