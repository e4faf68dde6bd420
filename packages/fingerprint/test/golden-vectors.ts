import { readFileSync } from 'node:fs';
import type { CurrentFingerprint, SwitchedStates } from '../src/index.ts';

/** √2·rms·sin(order·θ + phase). */
export type FormulaHarmonic = readonly [order: number, rms: number, phaseRad: number];

export type WaveFormula = {
  readonly kind: 'formula';
  readonly voltage: readonly FormulaHarmonic[];
  readonly afterVoltageRatio: number;
  readonly background: readonly FormulaHarmonic[];
  readonly load: readonly FormulaHarmonic[];
  readonly meanA: number;
  readonly beforeTurnRad: number;
  readonly afterTurnRad: number;
};

export type GoldenVector = {
  readonly id: string;
  readonly made: WaveFormula | { readonly kind: 'city' | 'unusable'; readonly name: string };
  readonly input: SwitchedStates;
  readonly expected: CurrentFingerprint | { readonly kind: 'unusable' };
  /** null = unknown. */
  readonly features?: readonly (number | null)[];
};

type Waves = { readonly cycleCount: number; readonly voltageV: string; readonly currentA: string };
type Input = Omit<SwitchedStates, 'before' | 'after' | 'differenceCurrentA' | 'differenceErrorA' | 'transient'> & {
  readonly before: Waves;
  readonly after: Waves;
  readonly differenceCurrentA?: string;
  readonly differenceErrorA?: string;
  readonly transient?: { inrushRatio: number; peakRatio: number; decayCycles: number | null };
};

export type GoldenDocument = { readonly features: readonly string[]; readonly vectors: readonly GoldenVector[] };

/** docs/reference/fingerprint-vectors.json, waves decoded. */
export function readGoldenVectors(): GoldenDocument {
  const file = new URL('../../../docs/reference/fingerprint-vectors.json', import.meta.url);
  const document = JSON.parse(readFileSync(file, 'utf8')) as GoldenDocument;
  return {
    ...document,
    vectors: document.vectors.map((vector) => ({ ...vector, input: statesOf(vector.input as unknown as Input) })),
  };
}

function statesOf({ before, after, differenceCurrentA, differenceErrorA, transient, ...rest }: Input): SwitchedStates {
  return {
    ...rest,
    before: wavesOf(before),
    after: wavesOf(after),
    ...(differenceCurrentA !== undefined && { differenceCurrentA: decoded(differenceCurrentA) }),
    ...(differenceErrorA !== undefined && { differenceErrorA: decoded(differenceErrorA) }),
    ...(transient && { transient: { ...transient, decayCycles: transient.decayCycles ?? NaN } }),
  };
}

function wavesOf({ cycleCount, voltageV, currentA }: Waves): SwitchedStates['before'] {
  return { cycleCount, voltageV: decoded(voltageV), currentA: decoded(currentA) };
}

/** float32, little-endian. */
function decoded(text: string): Float64Array {
  const bytes = Buffer.from(text, 'base64');
  return Float64Array.from({ length: bytes.length / 4 }, (_, point) => bytes.readFloatLE(4 * point));
}
