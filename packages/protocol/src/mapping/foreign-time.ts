/** How a foreign message writes an instant. */
export const timeFormats = ['epochMs', 'epochS', 'iso', 'local'] as const;
export type TimeFormat = (typeof timeFormats)[number];

export const utcOffsetPattern = '^[+-](0\\d|1[0-4]):[0-5]\\d$';

const farthestMs = 8.64e15;
const isoText = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const localText = /^(\d{4})[-/]?(\d{2})[-/]?(\d{2})[T ]?(\d{2}):?(\d{2}):?(\d{2})(?:[.](\d{1,3})\d*)?$/;

/**
 * An instant as epoch ms, or undefined when the value is none in this format: `epochMs` and `epochS` as number or
 * digits, `iso` with offset or Z, `local` as `2026-11-21 09:00:00`, `2026/11/21T09:00:00.5` or `20261121090000` in the
 * time zone of `utcOffset`.
 */
export function readForeignTime(value: unknown, format: TimeFormat, utcOffset = '+00:00'): number | undefined {
  switch (format) {
    case 'epochMs':
    case 'epochS': {
      const number = typeof value === 'string' && /^\d{1,16}([.]\d{1,9})?$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
      const at = Math.round(format === 'epochS' ? number * 1000 : number) + 0;
      return at >= 0 && at <= farthestMs ? at : undefined;
    }
    case 'iso':
      return typeof value === 'string' && isoText.test(value) ? orNone(Date.parse(value.replace(',', '.'))) : undefined;
    case 'local':
      return typeof value === 'string' || typeof value === 'number' ? readLocal(String(value), utcOffset) : undefined;
  }
}

function readLocal(text: string, utcOffset: string): number | undefined {
  const found = localText.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, Number((found[7] ?? '0').padEnd(3, '0')));
  const calendar = new Date(asUtc);
  // Date.UTC takes 31 February for 3 March: what does not come back as it was written is no instant.
  const isReal =
    calendar.getUTCMonth() === month - 1 && calendar.getUTCDate() === day && calendar.getUTCHours() === hour;
  if (!isReal || minute > 59 || second > 59) return undefined;
  const sign = utcOffset.startsWith('-') ? -1 : 1;
  const [hours = 0, minutes = 0] = utcOffset.slice(1).split(':').map(Number);
  return asUtc - sign * (hours * 60 + minutes) * 60_000;
}

const orNone = (at: number): number | undefined => (Number.isNaN(at) ? undefined : at);
