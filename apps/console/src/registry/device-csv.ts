import type { Device } from '@fengsui/protocol';
import { api, type DeviceListQuery } from '../api/resources.ts';
import type { Translate } from '../locale/i18n.ts';

const PAGE = 1_000;
const columns = [
  'id',
  'name',
  'venueId',
  'area',
  'family',
  'model',
  'life',
  'online',
  'lastReportAt',
  'testedAt',
  'firmware',
  'gbAddress',
] as const satisfies readonly (keyof Device)[];

/** Every device that answers the question as CSV, page by page; `onProgress` is told how many are there. */
export async function exportDevices(
  query: DeviceListQuery,
  t: Translate,
  onProgress: (done: number) => void,
): Promise<string> {
  const devices: Device[] = [];
  for (;;) {
    const { items, total } = await api.findDevices(query, devices.length, PAGE);
    devices.push(...items);
    onProgress(devices.length);
    if (items.length === 0 || devices.length >= total) break;
  }
  return deviceCsv(
    devices,
    columns.map((column) => t(`field.csv.${column}`)),
  );
}

/** With a byte order mark, so that a spreadsheet reads the Chinese in it. */
export function deviceCsv(devices: readonly Device[], headings: readonly string[]): string {
  const rows = devices.map((device) => columns.map((column) => cell(device[column])).join(','));
  return `\uFEFF${[headings.map(cell).join(','), ...rows].join('\r\n')}\r\n`;
}

/** A text that a spreadsheet would take for a formula is made one that it does not. */
function cell(value: string | boolean | undefined): string {
  const text = value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
