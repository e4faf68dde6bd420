/** Lowest power beside the tracked loads, hour by hour, over the last day; plain JSON. */
export type StandbyFloor = { hourEndsAt: number | null; lowestW: number | null; hoursW: number[] };

const HOUR_MS = 3_600_000;
const HOURS = 24;

export function emptyFloor(): StandbyFloor {
  return { hourEndsAt: null, lowestW: null, hoursW: [] };
}

/** Takes the smoothed power beside the tracked loads at `at`, ms. */
export function watchFloor(floor: StandbyFloor, at: number, otherW: number): void {
  floor.hourEndsAt ??= at + HOUR_MS;
  if (at >= floor.hourEndsAt) {
    if (floor.lowestW !== null) floor.hoursW.push(floor.lowestW);
    if (floor.hoursW.length > HOURS) floor.hoursW.shift();
    floor.lowestW = null;
    floor.hourEndsAt = at + HOUR_MS;
  }
  floor.lowestW = Math.min(floor.lowestW ?? Infinity, otherW);
}

/** Standby power, W ≥ 0; undefined until a whole hour was watched. */
export function standbyOf(floor: StandbyFloor): number | undefined {
  if (floor.hoursW.length === 0) return undefined;
  return Math.max(0, Math.min(...floor.hoursW, floor.lowestW ?? Infinity));
}
