import type { PfcSupplySpec } from '../load/appliance-spec.ts';
import type { FluctuationSpec } from '../load/course-spec.ts';
import type { LoadPhysics, RectifierSpec } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { around, chance, logBetween } from './draw.ts';

/** Bridge and capacitor with the spread of makes and ages: an old capacitor has lost a part of its capacitance. */
function bridge(random: RandomStream, powerW: number, fluctuation?: FluctuationSpec): RectifierSpec {
  const seriesOhm = Math.min(60, around(random, 0.8 + 220 / powerW, 0.35));
  const ageRatio = chance(random, 0.2) ? random.between(0.5, 0.8) : 1;
  return {
    kind: 'rectifier',
    powerW,
    // What it draws at the moment is a part of what its capacitor was built for.
    capacitanceUfPerW: Math.min(12, logBetween(random, 0.9, 3.2) * ageRatio),
    seriesOhm,
    seriesH: logBetween(random, 0.15e-3, 1.5e-3),
    coldSeriesOhm: seriesOhm + logBetween(random, 3, 16),
    softStartMs: logBetween(random, 60, 900),
    filterUf: powerW < 15 ? 0 : logBetween(random, 0.05, 0.5),
    ...(fluctuation === undefined ? {} : { fluctuation }),
  };
}

function corrected(random: RandomStream, powerW: number, fluctuation?: FluctuationSpec): PfcSupplySpec {
  return {
    kind: 'pfcSupply',
    powerW,
    filterUf: logBetween(random, 0.1, 0.4) + (powerW / 1000) * random.between(0.5, 2),
    cuspV: logBetween(random, 5, 45),
    rippleRatio: random.between(0.02, 0.16),
    rippleRad: random.between(0.2, 1.2),
    bulkUfPerW: random.between(0.5, 1.2),
    coldSeriesOhm: logBetween(random, 4, 30),
    startDelayMs: logBetween(random, 60, 900),
    softStartMs: logBetween(random, 60, 800),
    noiseRatio: logBetween(random, 0.003, 0.03),
    ...(fluctuation === undefined ? {} : { fluctuation }),
  };
}

/**
 * A corrected supply far below its rating: it skips the low part of each half-wave; the film capacitor behind its bridge
 * may keep that blocked from soon after the peak; its filter, sized for the rating, leads.
 */
function lightlyLoaded(random: RandomStream, powerW: number, fluctuation?: FluctuationSpec): PfcSupplySpec {
  const gapV = random.between(20, 165);
  const endsEarly = chance(random, 0.4);
  return {
    ...corrected(random, powerW, fluctuation),
    filterUf: logBetween(random, 0.2, 1.2),
    cuspV: logBetween(random, 10, 80),
    gapV,
    gapEndV: endsEarly ? random.between(gapV, 285) : 0.9 * gapV,
    ...(chance(random, 0.5) ? { flatV: logBetween(random, 50, 400) } : {}),
  };
}

/** Plugged in but asleep: a few watts through the bridge of a supply built for hundreds, beside a filter that draws more. */
function asleep(random: RandomStream, powerW: number, fluctuation: FluctuationSpec): RectifierSpec {
  const seriesOhm = logBetween(random, 4, 40);
  return {
    kind: 'rectifier',
    powerW,
    capacitanceUfPerW: logBetween(random, 8, 45),
    seriesOhm,
    seriesH: logBetween(random, 0.3e-3, 8e-3),
    coldSeriesOhm: seriesOhm + logBetween(random, 3, 16),
    softStartMs: logBetween(random, 60, 900),
    filterUf: logBetween(random, 0.2, 1.6),
    fluctuation,
  };
}

export function sampleLaptop(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 18, 120);
  const fluctuation = { ratio: random.between(0.03, 0.3), periodMs: logBetween(random, 300, 6000) };
  // IEC 61000-3-2 asks for correction above 75 W of rating; what a supply delivers at the moment is mostly far less.
  if (chance(random, 0.4)) return lightlyLoaded(random, powerW, fluctuation);
  if (powerW > 50 && chance(random, 0.5)) return corrected(random, powerW, fluctuation);
  return { ...bridge(random, powerW, fluctuation), filterUf: logBetween(random, 0.1, 0.9) };
}

export function sampleDesktopComputer(random: RandomStream): LoadPhysics {
  const fluctuation = { ratio: random.between(0.04, 0.25), periodMs: logBetween(random, 200, 5000) };
  if (chance(random, 0.1)) return lightlyLoaded(random, logBetween(random, 3, 25), fluctuation);
  if (chance(random, 0.15)) return asleep(random, logBetween(random, 3, 18), fluctuation);
  const powerW = logBetween(random, 60, 380);
  if (powerW < 150 && chance(random, 0.25)) return lightlyLoaded(random, powerW, fluctuation);
  if (chance(random, 0.6)) return corrected(random, powerW, fluctuation);
  // Passive correction: a choke of tens of millihenry before the capacitor, or none at all.
  const plain = bridge(random, powerW, fluctuation);
  return chance(random, 0.5) ? { ...plain, seriesH: logBetween(random, 6e-3, 30e-3) } : plain;
}

export function sampleTelevision(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 40, 230);
  const fluctuation = { ratio: random.between(0.1, 0.4), periodMs: logBetween(random, 400, 4000) };
  if (powerW < 100 && chance(random, 0.2)) return lightlyLoaded(random, powerW, fluctuation);
  return powerW > 70 && chance(random, 0.7)
    ? corrected(random, powerW, fluctuation)
    : bridge(random, powerW, fluctuation);
}

export function samplePhoneCharger(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 4.5, 65);
  return { ...bridge(random, powerW), fluctuation: { ratio: random.between(0.01, 0.08), periodMs: 3000 } };
}

export function sampleLedLamp(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 3.3, 50);
  if (powerW < 20 && chance(random, 0.25)) {
    return {
      kind: 'capacitiveDropper',
      powerW,
      stringV: random.between(40, 180),
      seriesOhm: logBetween(random, 47, 330),
    };
  }
  return bridge(random, powerW);
}

export function sampleLedPanel(random: RandomStream): LoadPhysics {
  const powerW = logBetween(random, 26, 220);
  return chance(random, 0.8) ? corrected(random, powerW) : bridge(random, powerW);
}

export function sampleCompactFluorescentLamp(random: RandomStream): LoadPhysics {
  const lamp = bridge(random, around(random, random.pick([7, 11, 15, 23, 36]), 0.08));
  return { ...lamp, capacitanceUfPerW: logBetween(random, 0.25, 0.9), softStartMs: logBetween(random, 100, 1500) };
}

export function sampleHalogenLamps(random: RandomStream): LoadPhysics {
  return {
    kind: 'electronicTransformer',
    powerW: around(random, random.pick([40, 60, 105, 150, 200, 300]), 0.05),
    startV: random.between(22, 85),
    coldResistanceRatio: random.between(0.1, 0.3),
    warmUpMs: logBetween(random, 40, 160),
    noiseRatio: logBetween(random, 0.005, 0.06),
  };
}

export function sampleInverterAirConditioner(random: RandomStream): LoadPhysics {
  const supply = corrected(random, logBetween(random, 280, 2400), {
    ratio: random.between(0.005, 0.04),
    periodMs: logBetween(random, 500, 5000),
  });
  return {
    ...supply,
    // Its compressor starts at once at its lowest speed, and ramps up within a minute or two.
    startDelayMs: random.between(20, 900),
    softStartMs: logBetween(random, 8000, 120_000),
    rampFromRatio: random.between(0.12, 0.5),
    noiseRatio: logBetween(random, 0.01, 0.06),
  };
}

export function sampleDimmedLamp(random: RandomStream): LoadPhysics {
  return {
    kind: 'dimmer',
    powerW: logBetween(random, 45, 550),
    firingAngleDeg: random.between(15, 145),
    edge: chance(random, 0.7) ? 'leading' : 'trailing',
    coldResistanceRatio: random.between(0.08, 0.2),
    warmUpMs: logBetween(random, 40, 150),
  };
}

export function sampleDimmedHeater(random: RandomStream): LoadPhysics {
  return { kind: 'dimmer', powerW: logBetween(random, 220, 1800), firingAngleDeg: random.between(25, 140) };
}

export function sampleMicrowaveOven(random: RandomStream): LoadPhysics {
  const onMs = random.between(6000, 24_000);
  return {
    kind: 'microwave',
    powerW: around(random, random.pick([1050, 1150, 1250, 1350]), 0.06),
    warmUpMs: random.between(1500, 3200),
    auxiliaryW: random.between(25, 80),
    thresholdRatio: random.between(1.36, 1.56),
    slopeRatio: logBetween(random, 0.1, 0.6),
    resonanceRatio: random.between(1.15, 1.7),
    magnetisingRatio: random.between(0.04, 0.25),
    saturation: random.between(0.1, 0.8),
    ...(chance(random, 0.4) ? { duty: { onMs, offMs: random.between(5000, 20_000), firstOnMs: onMs } } : {}),
  };
}

export function sampleInductionHob(random: RandomStream): LoadPhysics {
  const isPulsing = chance(random, 0.5);
  const pulse = { periodMs: logBetween(random, 200, 3000), dutyRatio: random.between(0.15, 0.85) };
  return {
    kind: 'inductionHob',
    powerW: isPulsing ? random.between(350, 1300) : logBetween(random, 700, 2200),
    filterUf: logBetween(random, 1.5, 10),
    gapV: logBetween(random, 8, 70),
    cuspV: logBetween(random, 3, 25),
    standbyW: random.between(3, 30),
    probeMs: logBetween(random, 200, 3000),
    rampMs: logBetween(random, 10, 400),
    noiseRatio: logBetween(random, 0.003, 0.03),
    ...(isPulsing ? { pulse } : {}),
  };
}

export function sampleFluorescentLamps(random: RandomStream): LoadPhysics {
  const tubeCount = Math.ceil(random.between(0, 1) ** 2 * 6 + 0.01);
  const tube = random.pick([
    { lampV: 57, powerW: 26 },
    { lampV: 98, powerW: 38 },
    { lampV: 103, powerW: 45 },
    { lampV: 110, powerW: 70 },
  ]);
  return {
    kind: 'fluorescent',
    powerW: tube.powerW * Math.min(6, tubeCount) * random.between(0.92, 1.06),
    lampV: tube.lampV,
    tauUs: random.between(300, 800),
    preheatMs: logBetween(random, 300, 2500),
    compensation: chance(random, 0.35) ? random.between(0.5, 1) : 0,
  };
}
