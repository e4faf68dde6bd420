/** The standard gives neither zone nor century (8.2.2): Beijing time, always UTC+8 without summer time, and 20xx. */
const beijingOffsetMs = 8 * 3600 * 1000;
const century = 2000;

export const timeLabelBytes = 6;

/**
 * Instant of a time label (second, minute, hour, day, month, year, each one plain byte); epoch ms. Undefined when a
 * byte is out of range or the day is not in the calendar; so for a label of zeros, which means «not known».
 */
export function readTimeLabel(bytes: Uint8Array, offset = 0): number | undefined {
  const [second = 60, minute = 60, hour = 24, day = 0, month = 0, year = 100] = bytes.subarray(
    offset,
    offset + timeLabelBytes,
  );
  if (second > 59 || minute > 59 || hour > 23 || year > 99) return undefined;
  const midnight = new Date(Date.UTC(century + year, month - 1, day));
  if (midnight.getUTCMonth() !== month - 1 || midnight.getUTCDate() !== day) return undefined;
  return midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 - beijingOffsetMs;
}

/**
 * Time label of an instant, to the second below; six zeros when it is not known.
 *
 * @throws RangeError for an instant outside 2000…2099 of Beijing time.
 */
export function writeTimeLabel(at: number | undefined): Uint8Array<ArrayBuffer> {
  if (at === undefined) return new Uint8Array(timeLabelBytes);
  const local = new Date(at + beijingOffsetMs);
  const year = local.getUTCFullYear() - century;
  if (!(year >= 0 && year <= 99)) throw new RangeError(`instant ${at}, epoch ms in 2000…2099 (UTC+8) expected`);
  return Uint8Array.of(
    local.getUTCSeconds(),
    local.getUTCMinutes(),
    local.getUTCHours(),
    local.getUTCDate(),
    local.getUTCMonth() + 1,
    year,
  );
}

/** ISO 8601 with the offset of the standard's clock: `2026-03-05T14:07:10+08:00`. */
export function toBeijingIso(at: number): string {
  return `${new Date(at + beijingOffsetMs).toISOString().slice(0, 19)}+08:00`;
}

const isoInstant = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Instant of an ISO 8601 text with offset, to the second; undefined when it is none or no label can hold it. */
export function readIso(text: string): number | undefined {
  const date = isoInstant.exec(text)?.[1];
  if (date === undefined) return undefined;
  const at = Math.floor(Date.parse(text) / 1000) * 1000;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // The language reads 30 February as 2 March.
  if (Number.isNaN(at) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const year = new Date(at + beijingOffsetMs).getUTCFullYear() - century;
  return year >= 0 && year <= 99 ? at : undefined;
}
