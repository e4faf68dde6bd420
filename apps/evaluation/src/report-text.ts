import type { Bar, Metric, Report } from './suite.ts';

/** A report as a person reads it: what was kept apart, the numbers, the bars with what is missed. */
export function reportText(report: Report): string {
  const { suite, split, recordings, groups, skipped, seed, model } = report;
  return [
    `${suite}: ${recordings} recordings in ${groups} groups; ${split}`,
    `model ${model.id}, schema version ${model.schemaVersion}, seed ${seed}`,
    '',
    ...Object.entries(report.metrics).map(([name, value]) => `${name.padEnd(26)} ${metricText(value)}`),
    ...(report.bars.length === 0 ? [] : ['', ...report.bars.map(barText)]),
    ...baselineLines(report),
    ...tableLines('per label', report.perLabel),
    ...tableLines('per test', report.perTest),
    ...(skipped.length === 0 ? [] : ['', `skipped: ${skipped.length}`]),
    ...skipped.slice(0, 10).map(({ id, reason }) => `  ${id}: ${reason}`),
    ...(report.notes ?? []).map((note) => `note: ${note}`),
  ].join('\n');
}

function barText({ metric, value, atLeast, aim, met, lowerIsBetter }: Bar): string {
  const asked = lowerIsBetter ? 'at most' : 'at least';
  const verdict = met ? 'met' : value === null ? 'MISSED: not measured' : 'MISSED';
  return `${metric.padEnd(26)} ${value === null ? '–' : number(value)}, ${asked} ${number(atLeast)}, aim ${number(aim)}: ${verdict}`;
}

function metricText(value: Metric): string {
  if (typeof value === 'number') return number(value);
  return Object.entries(value)
    .map(([name, part]) => `${name}: ${number(part)}`)
    .join(', ');
}

function baselineLines({ baseline }: Report): string[] {
  const parts = Object.entries(baseline).map(([name, value]) => `${name} ${cell(value)}`);
  return parts.length === 0 ? [] : ['', `baseline: ${parts.join(', ')}`];
}

/** A record of flat records, or a list of them, as a table; anything else stays in --json. */
function tableLines(title: string, table: unknown): string[] {
  if (typeof table !== 'object' || table === null) return [];
  const rows = Object.entries(table).filter((entry): entry is [string, Record<string, unknown>] => {
    return typeof entry[1] === 'object' && entry[1] !== null;
  });
  const columns = [...new Set(rows.flatMap(([, row]) => Object.keys(row)))];
  if (rows.length === 0) return [];
  const cells = [
    ['', ...columns],
    ...rows.map(([name, row]) => [Array.isArray(table) ? '' : name, ...columns.map((column) => cell(row[column]))]),
  ];
  const widths = ['', ...columns].map((_, i) => Math.max(...cells.map((line) => (line[i] ?? '').length)));
  return [
    '',
    `${title}:`,
    ...cells.map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  ];
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return number(value);
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

function number(value: number): string {
  return Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4)));
}
