import type { RandomStream } from '../random/random-stream.ts';
import type { ArcColumn } from './arc-column.ts';
import { checkArcModel, type ArcModelSpec, type CarbonisedPathSpec } from './arc-spec.ts';
import { CarbonisedColumn, type CarbonisedPath } from './carbonised-column.ts';
import { ConductanceColumn, type ConductancePart } from './conductance-column.ts';
import { CassieBalance, MayrBalance, SchavemakerBalance } from './power-balance.ts';

/**
 * Builds the column of a model for a network that steps by `stepS`; what the spec leaves open is drawn from `random`.
 * Throws RangeError naming model, field and range.
 */
export function createArcColumn(spec: ArcModelSpec, stepS: number, random: RandomStream): ArcColumn {
  checkArcModel(spec);
  switch (spec.kind) {
    case 'carbonised':
      return new CarbonisedColumn(drawPath(spec, random), stepS, random);
    case 'static':
      return new CarbonisedColumn(staticPath(spec), stepS, random);
    case 'mayr':
    case 'cassie':
    case 'schavemaker':
    case 'habedank': {
      const { breakdownV = 80, scatter = 0.3 } = spec;
      return new ConductanceColumn(partsOf(spec), { breakdownV, scatter }, stepS, random);
    }
  }
}

type BlackBoxSpec = Extract<ArcModelSpec, { readonly kind: 'mayr' | 'cassie' | 'schavemaker' | 'habedank' }>;

function partsOf(spec: BlackBoxSpec): readonly ConductancePart[] {
  const part = (balance: ConductancePart['balance'], tauUs: number): ConductancePart => ({
    balance,
    tauS: tauUs * 1e-6,
  });
  switch (spec.kind) {
    case 'mayr':
      return [part(new MayrBalance(spec.powerW ?? 60), spec.tauUs ?? 120)];
    case 'cassie':
      return [part(new CassieBalance(spec.arcV ?? 30), spec.tauUs ?? 250)];
    case 'schavemaker': {
      const { arcV = 30, powerW = 50, powerShare = 0.5, tauUs = 120 } = spec;
      return [part(new SchavemakerBalance(arcV, powerW, powerShare), tauUs)];
    }
    case 'habedank':
      return [
        part(new CassieBalance(spec.arcV ?? 30), spec.tauUs ?? 250),
        part(new MayrBalance(spec.powerW ?? 20), spec.mayrTauUs ?? 60),
      ];
  }
}

function staticPath(spec: Extract<ArcModelSpec, { readonly kind: 'static' }>): CarbonisedPath {
  const { arcV = 20, hyperbolicW = 10, breakdownV = 80, scatter = 0.3, deionisationUs = 100 } = spec;
  return {
    reignitionV: breakdownV,
    reignitionScatter: scatter,
    arcV,
    arcScatter: scatter / 3,
    hyperbolicW,
    deionisationS: deionisationUs * 1e-6,
    deionisationScatter: 0,
    extinctionA: 0.03,
    charOhm: 1e6,
    ageingVPerJ: 0,
    asymmetryRatio: 1,
  };
}

/** Ranges of low-voltage arcs in air over charred PVC: burning voltage around 28 V, re-ignition at 60 … 120 V. */
function drawPath(spec: CarbonisedPathSpec, random: RandomStream): CarbonisedPath {
  const drawn = {
    reignitionV: random.between(60, 120),
    reignitionScatter: random.between(0.3, 0.5),
    arcV: 28 * Math.exp(0.2 * random.normal()),
    hyperbolicW: random.between(5, 15),
    extinctionMa: random.between(30, 80),
    // Metal against carbon rectifies; three paths in ten are of that kind.
    asymmetryRatio: random.between(0, 1) < 0.3 ? random.between(0.6, 1.6) : 1,
  };
  return {
    reignitionV: spec.reignitionV ?? drawn.reignitionV,
    reignitionScatter: spec.reignitionScatter ?? drawn.reignitionScatter,
    arcV: spec.arcV ?? drawn.arcV,
    arcScatter: spec.arcScatter ?? 0.08,
    hyperbolicW: spec.hyperbolicW ?? drawn.hyperbolicW,
    deionisationS: (spec.deionisationUs ?? 120) * 1e-6,
    deionisationScatter: 0.5,
    extinctionA: (spec.extinctionMa ?? drawn.extinctionMa) / 1000,
    charOhm: spec.charOhm ?? 1e5,
    ageingVPerJ: spec.ageingVPerJ ?? 0.02,
    asymmetryRatio: spec.asymmetryRatio ?? drawn.asymmetryRatio,
  };
}
