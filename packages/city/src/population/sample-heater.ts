import type { DutySpec } from '../load/course-spec.ts';
import type { LoadPhysics, ResistiveSpec } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { around, chance, logBetween } from './draw.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;

/** Wire in air or in water: heats by a few per cent of resistance within seconds. */
function wire(random: RandomStream, powerW: number, duty?: DutySpec): ResistiveSpec {
  return {
    kind: 'resistive',
    powerW,
    coldResistanceRatio: random.between(0.94, 0.995),
    warmUpMs: logBetween(random, 2, 20) * SECOND_MS,
    ...(duty === undefined ? {} : { duty }),
  };
}

function thermostat(
  random: RandomStream,
  range: { firstOnMs: readonly [number, number]; onMs: readonly [number, number]; offMs: readonly [number, number] },
): DutySpec {
  return {
    firstOnMs: logBetween(random, ...range.firstOnMs),
    onMs: logBetween(random, ...range.onMs),
    offMs: logBetween(random, ...range.offMs),
  };
}

/** Electronics of a panel beside the heater. */
function panel(random: RandomStream): LoadPhysics {
  return chance(random, 0.5)
    ? { kind: 'capacitiveDropper', powerW: random.between(0.5, 1.5), stringV: random.between(20, 40) }
    : { kind: 'rectifier', powerW: random.between(1, 4), capacitanceUfPerW: 2, seriesOhm: 40 };
}

export function sampleKettle(random: RandomStream): LoadPhysics {
  return wire(random, around(random, random.pick([1000, 1350, 1500, 1800, 1850]), 0.04));
}

export function sampleImmersionHeater(random: RandomStream): LoadPhysics {
  return wire(random, around(random, random.pick([350, 500, 800, 1000, 1200, 1500]), 0.05));
}

export function sampleHotPlate(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([800, 1000, 1500, 2000]), 0.04);
  // Open spirals glow: the resistance grows by a tenth; cast plates hide the wire.
  const glowing: ResistiveSpec = { kind: 'resistive', powerW, coldResistanceRatio: random.between(0.82, 0.93) };
  const duty = thermostat(random, {
    firstOnMs: [2 * MINUTE_MS, 8 * MINUTE_MS],
    onMs: [8 * SECOND_MS, MINUTE_MS],
    offMs: [8 * SECOND_MS, 90 * SECOND_MS],
  });
  return { ...glowing, warmUpMs: logBetween(random, 3, 40) * SECOND_MS, ...(chance(random, 0.6) ? { duty } : {}) };
}

export function sampleSpaceHeater(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([400, 800, 1200, 2000]), 0.05);
  if (chance(random, 0.4)) {
    // Quartz and halogen tubes: glowing tungsten or alloy, several times the current for a moment.
    const coldResistanceRatio = chance(random, 0.4) ? random.between(0.12, 0.3) : random.between(0.8, 0.93);
    return { kind: 'resistive', powerW, coldResistanceRatio, warmUpMs: logBetween(random, 150, 2500) };
  }
  const duty = thermostat(random, {
    firstOnMs: [6 * MINUTE_MS, 25 * MINUTE_MS],
    onMs: [MINUTE_MS, 6 * MINUTE_MS],
    offMs: [MINUTE_MS, 8 * MINUTE_MS],
  });
  return wire(random, powerW, duty);
}

/** PTC stone and its fan: the stone draws 1.3 to 2 times its power while cold. */
export function samplePtcHeater(random: RandomStream): LoadPhysics {
  const stoneW = around(random, random.pick([600, 1000, 1500, 2000]), 0.06);
  const fanW = random.between(15, 35);
  const stone: ResistiveSpec = {
    kind: 'resistive',
    powerW: stoneW,
    coldResistanceRatio: random.between(0.5, 0.77),
    warmUpMs: logBetween(random, 700, 5000),
  };
  const fan: LoadPhysics = {
    kind: 'motor',
    powerW: fanW,
    powerFactor: random.between(0.5, 0.75),
    straySaturation: 0.8,
  };
  return { kind: 'appliance', powerW: stoneW + fanW, parts: [stone, fan] };
}

export function sampleElectricBlanket(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([60, 80, 100, 120]), 0.06);
  const duty = thermostat(random, {
    firstOnMs: [3 * MINUTE_MS, 15 * MINUTE_MS],
    onMs: [10 * SECOND_MS, 60 * SECOND_MS],
    offMs: [10 * SECOND_MS, 90 * SECOND_MS],
  });
  // The low setting of the simple ones is a diode.
  if (chance(random, 0.25)) return { ...wire(random, powerW), isHalfWave: true };
  return chance(random, 0.7) ? wire(random, powerW, duty) : wire(random, powerW);
}

export function sampleRiceCooker(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([350, 500, 700, 860, 1000]), 0.05);
  const duty = thermostat(random, {
    firstOnMs: [12 * MINUTE_MS, 28 * MINUTE_MS],
    onMs: [5 * SECOND_MS, 30 * SECOND_MS],
    offMs: [20 * SECOND_MS, 3 * MINUTE_MS],
  });
  const heater = wire(random, powerW, duty);
  if (chance(random, 0.4)) return heater;
  return { kind: 'appliance', powerW: powerW + 3, parts: [heater, panel(random)] };
}

export function sampleWaterHeater(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([1250, 1500, 2000, 2500, 3000]), 0.03);
  const duty = thermostat(random, {
    firstOnMs: [20 * MINUTE_MS, 90 * MINUTE_MS],
    onMs: [5 * MINUTE_MS, 15 * MINUTE_MS],
    offMs: [60 * MINUTE_MS, 240 * MINUTE_MS],
  });
  const heater = wire(random, powerW, duty);
  if (chance(random, 0.4)) return heater;
  return { kind: 'appliance', powerW: powerW + 3, parts: [heater, panel(random)] };
}

export function sampleIron(random: RandomStream): LoadPhysics {
  const duty = thermostat(random, {
    firstOnMs: [40 * SECOND_MS, 3 * MINUTE_MS],
    onMs: [6 * SECOND_MS, 25 * SECOND_MS],
    offMs: [15 * SECOND_MS, 90 * SECOND_MS],
  });
  return wire(random, around(random, random.pick([1000, 1200, 1600, 2000]), 0.05), duty);
}

export function sampleOven(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([1000, 1400, 1800, 2200]), 0.05);
  const duty = thermostat(random, {
    firstOnMs: [5 * MINUTE_MS, 12 * MINUTE_MS],
    onMs: [20 * SECOND_MS, 2 * MINUTE_MS],
    offMs: [30 * SECOND_MS, 3 * MINUTE_MS],
  });
  const lamp: ResistiveSpec = { kind: 'resistive', powerW: 15, coldResistanceRatio: 0.08, warmUpMs: 60 };
  return { kind: 'appliance', powerW: powerW + 15, parts: [wire(random, powerW, duty), lamp] };
}

export function sampleIncandescentLamp(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([15, 25, 40, 60, 75, 100, 150]), 0.05);
  return {
    kind: 'resistive',
    powerW,
    coldResistanceRatio: random.between(0.065, 0.1),
    warmUpMs: logBetween(random, 25, 90),
  };
}

export function sampleHairDryer(random: RandomStream): LoadPhysics {
  const fullW = around(random, random.pick([800, 1000, 1200, 1600, 2000]), 0.05);
  const isLow = chance(random, 0.35);
  const heater: ResistiveSpec = {
    kind: 'resistive',
    powerW: isLow && chance(random, 0.4) ? 0.5 * fullW : fullW,
    isHalfWave: isLow && chance(random, 0.7),
    coldResistanceRatio: random.between(0.93, 0.99),
    warmUpMs: logBetween(random, 300, 2500),
  };
  // A small dc motor behind a bridge, fed through a part of the heater; some have a universal motor.
  const motorW = random.between(20, 60);
  const motor: LoadPhysics = chance(random, 0.6)
    ? { kind: 'resistive', powerW: motorW, coldResistanceRatio: random.between(0.4, 0.7), warmUpMs: 250 }
    : { kind: 'universalMotor', powerW: motorW, brushNoiseRatio: logBetween(random, 0.03, 0.25), runUpMs: 300 };
  return {
    kind: 'appliance',
    powerW: (heater.isHalfWave === true ? 0.5 : 1) * heater.powerW + motorW,
    parts: [heater, motor],
  };
}
