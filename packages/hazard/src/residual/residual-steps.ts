export type ResidualReading = {
  /** Epoch ms. */
  readonly at: number;
  /** From `createResidualPhasor`, mean over the reading; NaN while the voltage is unknown. */
  readonly inPhaseMa: number;
  readonly quadratureMa: number;
  /** Ids of the loads known to be on; absent: nothing is known of the loads. */
  readonly loadsOn?: readonly string[];
};

/** Means of ten minutes. */
export type ResidualStep = {
  readonly at: number;
  readonly inPhaseMa: number;
  readonly quadratureMa: number;
  /** Share of the time each load was on; the last is that of any load not listed. */
  readonly loads: readonly number[];
};

const STEP_MS = 600_000;
/** Longer than this between readings, and the step begins anew. */
const GAP_MS = 60_000;

/** Readings of any rate → means of ten minutes, a row of load shares with each. */
export function createResidualSteps(
  loadIds: readonly string[],
): (reading: ResidualReading) => ResidualStep | undefined {
  const indexOf = new Map(loadIds.map((id, index) => [id, index]));
  const other = loadIds.length;
  let lastAt: number | undefined;
  let from = 0;
  let count = 0;
  let inPhase = 0;
  let quadrature = 0;
  const on = loadIds.map(() => 0).concat(0);

  function begin(at: number): void {
    from = at;
    count = inPhase = quadrature = 0;
    on.fill(0);
  }

  return ({ at, inPhaseMa, quadratureMa, loadsOn = [] }) => {
    if (!Number.isFinite(at) || at <= (lastAt ?? -Infinity) || !Number.isFinite(inPhaseMa + quadratureMa)) {
      return undefined;
    }
    if (lastAt === undefined || at - lastAt > GAP_MS) begin(at);
    lastAt = at;
    count += 1;
    inPhase += inPhaseMa;
    quadrature += quadratureMa;
    let hasOther = 0;
    for (const id of loadsOn) {
      const index = indexOf.get(id);
      if (index === undefined) hasOther = 1;
      else on[index] = (on[index] ?? 0) + 1;
    }
    on[other] = (on[other] ?? 0) + hasOther;
    if (at - from < STEP_MS) return undefined;
    const step = {
      at,
      inPhaseMa: inPhase / count,
      quadratureMa: quadrature / count,
      loads: on.map((n) => Math.min(1, n / count)),
    };
    begin(at);
    return step;
  };
}
