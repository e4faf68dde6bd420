/**
 * How a cable warms, relative to its limit. One time constant is IEC 60255-149; two are the conductor within a conduit or
 * bundle that warms more slowly and takes `conduitShare` (0..1) of the rise.
 */
export type ThermalModel =
  | { readonly kind: 'single'; readonly tauS: number }
  | {
      readonly kind: 'double';
      readonly conductorTauS: number;
      readonly conduitTauS: number;
      readonly conduitShare: number;
    };

/** Rises relative to the rise at the limit: of conductor over conduit, and of the conduit (0 with one time constant). */
export type ThermalState = { readonly conductor: number; readonly conduit: number };

export const coldState: ThermalState = { conductor: 0, conduit: 0 };

/** Everything that is wrong with a model, each in a sentence. */
export function thermalModelProblems(model: ThermalModel): readonly string[] {
  const problems: string[] = [];
  const expectTau = (name: string, value: number): void => {
    if (!(value >= 5 && value <= 100_000)) problems.push(`thermal model: ${name} is ${value}: expected 5 to 100000 s`);
  };
  if (model.kind === 'single') expectTau('tauS', model.tauS);
  else {
    expectTau('conductorTauS', model.conductorTauS);
    expectTau('conduitTauS', model.conduitTauS);
    if (!(model.conduitShare >= 0 && model.conduitShare <= 1)) {
      problems.push(`thermal model: conduitShare is ${model.conduitShare}: expected 0 to 1`);
    }
  }
  return problems;
}

/**
 * Moves on by `seconds` at a constant load: `dθ/dt = (x² − θ)/τ`, exact. `loadRatio2` = x² = (I / (k·Iz))².
 *
 * Losses are taken at the limit's temperature: below it the conductor's resistance is lower, and the image is early.
 */
export function advanceThermal(
  model: ThermalModel,
  state: ThermalState,
  loadRatio2: number,
  seconds: number,
): ThermalState {
  if (model.kind === 'single')
    return { conductor: towards(state.conductor, loadRatio2, seconds, model.tauS), conduit: 0 };
  const { conductorTauS, conduitTauS, conduitShare } = model;
  return {
    conductor: towards(state.conductor, (1 - conduitShare) * loadRatio2, seconds, conductorTauS),
    conduit: towards(state.conduit, conduitShare * loadRatio2, seconds, conduitTauS),
  };
}

function towards(from: number, to: number, seconds: number, tauS: number): number {
  return to + (from - to) * Math.exp(-seconds / tauS);
}

/** θ: 1 = at the limit. */
export function thermalRatio({ conductor, conduit }: ThermalState): number {
  return conductor + conduit;
}

/**
 * Seconds until θ reaches `limit` at a constant load; 0 when it is there, Infinity when the load never takes it there.
 * With one time constant `τ ln((x² − θ)/(x² − limit))`, from cold `τ ln(I²/(I² − (kIb)²))` (IEC 60255-149).
 */
export function timeToThermalLimitS(model: ThermalModel, state: ThermalState, loadRatio2: number, limit = 1): number {
  const ratio = thermalRatio(state);
  if (ratio >= limit) return 0;
  if (model.kind === 'single') {
    return loadRatio2 > limit ? model.tauS * Math.log((loadRatio2 - ratio) / (loadRatio2 - limit)) : Infinity;
  }
  return bisect(model, state, loadRatio2, limit);
}

/** Two exponentials have no closed inverse. While the load is above the limit the sum may dip, but passes it once. */
function bisect(
  model: ThermalModel & { readonly kind: 'double' },
  state: ThermalState,
  loadRatio2: number,
  limit: number,
): number {
  const ratioAfter = (seconds: number): number => thermalRatio(advanceThermal(model, state, loadRatio2, seconds));
  if (!(loadRatio2 > limit)) return Infinity;
  let high = Math.max(model.conductorTauS, model.conduitTauS);
  for (let doublings = 0; ratioAfter(high) < limit; doublings++) {
    if (doublings === 12) return Infinity;
    high *= 2;
  }
  let low = 0;
  for (let step = 0; step < 60 && high - low > 1e-6 * high; step++) {
    const middle = (low + high) / 2;
    if (ratioAfter(middle) < limit) low = middle;
    else high = middle;
  }
  return high;
}
