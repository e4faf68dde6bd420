import type { Table } from './benchmark.ts';

const escapeCell = (cell: string): string => cell.replaceAll('|', '\\|');
const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;

/** The first column reads as text, the others as numbers. */
export function markdownOf(table: Table): string {
  const rule = line(table.columns.map((_, index) => (index === 0 ? '---' : '--:')));
  const notes = table.notes === undefined ? [] : ['', ...table.notes.map((note) => `- ${note}`)];
  return [`**${table.title}**`, '', line(table.columns), rule, ...table.rows.map(line), ...notes].join('\n');
}

/**
 * The document with what stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` replaced.
 *
 * @throws Error when the document has no such pair: a result must not get lost in silence.
 */
export function replaceSection(document: string, name: string, content: string): string {
  const begin = `<!-- bench:${name} -->`;
  const end = `<!-- /bench:${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the document has no section "${begin} … ${end}"`);
  return `${document.slice(0, from + begin.length)}\n${content}\n${document.slice(to)}`;
}
