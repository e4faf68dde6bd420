/** One thing the terminal looked at. */
export type Check = { readonly ok: boolean; readonly detail: string };
export type Checks = Readonly<Record<string, Check>>;

export type SelfTestInput = {
  /** Age of the newest samples; undefined where nothing is sampled. */
  readonly sampleAgeMs?: number;
  readonly measuredPoints: number;
  readonly hasRoom: boolean;
  readonly unacknowledged: number;
  readonly unknownBreakers: number;
  /** What holds of buses and sources now. */
  readonly faults: readonly string[];
};

/** Samples come in blocks of 10 to 50 ms; older than this, the source stands still. */
const SAMPLING_STALE_MS = 2_000;

export function selfTestChecks(input: SelfTestInput): Checks {
  const { sampleAgeMs, measuredPoints, hasRoom, unacknowledged, unknownBreakers, faults } = input;
  return {
    ...(sampleAgeMs !== undefined && {
      sampling: { ok: sampleAgeMs < SAMPLING_STALE_MS, detail: `newest samples ${Math.round(sampleAgeMs)} ms old` },
    }),
    measurement: { ok: measuredPoints > 0, detail: `${measuredPoints} points measured` },
    outbox: { ok: hasRoom, detail: `${unacknowledged} packets not acknowledged` },
    breakers: { ok: unknownBreakers === 0, detail: `${unknownBreakers} breakers cannot be read` },
    ...(faults.length > 0 && { faults: { ok: false, detail: faults.join('; ') } }),
  };
}

export function hasPassed(checks: Checks): boolean {
  return Object.values(checks).every(({ ok }) => ok);
}
