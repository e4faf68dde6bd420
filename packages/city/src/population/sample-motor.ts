import type { BrushMotorSpec } from '../load/appliance-spec.ts';
import type { AuxiliaryWinding } from '../load/auxiliary-winding.ts';
import type { LoadPhysics } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { around, chance, logBetween } from './draw.ts';

/**
 * Iron of a small induction motor. The closed slots of its rotor saturate with the current and make most of the third
 * harmonic, 2 to 12 per cent, more in small motors; that of the main flux mostly circulates in the rotor.
 */
function iron(random: RandomStream, mostStray: number): { saturation: number; straySaturation: number } {
  return {
    saturation: chance(random, 0.5) ? random.between(0.02, 0.2) : 0,
    straySaturation: logBetween(random, 0.1 * mostStray, mostStray),
  };
}

/**
 * Run capacitor that brings a motor of `powerFactor` to the phase wanted, over its power; makers choose it for a round
 * field, which leaves the whole near or a little ahead of power factor 1. Positive = lagging.
 */
function capacitorFor(powerFactor: number, lagDeg: number): number {
  const ratio = Math.sqrt(1 / powerFactor ** 2 - 1) - Math.tan((lagDeg * Math.PI) / 180);
  return Math.min(2, Math.max(0, ratio));
}

/** The winding's own inductance takes the harmonics of the voltage off the capacitor; wide slots leave little of it. */
function auxiliary(random: RandomStream): { auxiliary?: AuxiliaryWinding } {
  if (chance(random, 0.4)) return {};
  return { auxiliary: { powerShare: random.between(0.1, 0.4), resonanceRatio: logBetween(random, 1.25, 3) } };
}

export function sampleFan(random: RandomStream): LoadPhysics {
  // Capacitor motors come near power factor 1 or lead; shaded-pole ones stay far below.
  const hasCapacitor = chance(random, 0.7);
  const powerFactor = random.between(0.5, 0.72);
  return {
    kind: 'motor',
    powerW: around(random, hasCapacitor ? 48 : 30, 0.18),
    powerFactor,
    ...iron(random, 2.2),
    ...auxiliary(random),
    capacitorRatio: hasCapacitor ? capacitorFor(powerFactor, random.between(-20, 28)) : 0,
    startResistanceRatio: random.between(0.45, 0.9),
    startReactanceRatio: random.between(0.5, 0.95),
    runUpMs: logBetween(random, 300, 2500),
  };
}

export function sampleRangeHood(random: RandomStream): LoadPhysics {
  // The lowest of its three speeds takes a little more than half.
  const powerW = logBetween(random, 75, 260);
  const powerFactor = random.between(0.68, 0.9);
  const motor: LoadPhysics = {
    kind: 'motor',
    powerW,
    powerFactor,
    ...iron(random, 1.8),
    ...auxiliary(random),
    capacitorRatio: capacitorFor(powerFactor, random.between(-8, 22)),
    startResistanceRatio: random.between(0.35, 0.8),
    startReactanceRatio: random.between(0.4, 0.8),
    runUpMs: logBetween(random, 300, 1800),
  };
  if (chance(random, 0.4)) return motor;
  const lamp: LoadPhysics = { kind: 'rectifier', powerW: random.between(2, 6) };
  return { kind: 'appliance', powerW: powerW + lamp.powerW, parts: [motor, lamp] };
}

export function sampleRefrigerator(random: RandomStream): LoadPhysics {
  const powerW = around(random, 110, 0.28);
  const powerFactor = random.between(0.55, 0.85);
  return {
    kind: 'compressor',
    powerW,
    powerFactor,
    ...auxiliary(random),
    capacitorRatio: chance(random, 0.4) ? capacitorFor(powerFactor, random.between(5, 30)) : 0,
    inrushRatio: random.between(4, 9),
    startPowerFactor: random.between(0.6, 0.9),
    runUpMs: logBetween(random, 80, 450),
    ...iron(random, 2),
    pulsationRatio: random.between(0.01, 0.1),
    strokeHz: random.between(47, 49.4),
    pullDownRatio: random.between(1.05, 1.4),
  };
}

export function sampleAirConditioner(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([720, 1000, 1450, 2000]), 0.08);
  const fanW = random.between(25, 90);
  const powerFactor = random.between(0.75, 0.93);
  const compressor: LoadPhysics = {
    kind: 'compressor',
    powerW,
    powerFactor,
    ...auxiliary(random),
    capacitorRatio: capacitorFor(powerFactor, random.between(-9, 18)),
    inrushRatio: random.between(3.5, 6.5),
    startPowerFactor: random.between(0.6, 0.9),
    runUpMs: logBetween(random, 100, 500),
    ...iron(random, 0.9),
    pulsationRatio: random.between(0, 0.05),
    strokeHz: random.between(46.5, 49.4),
    pullDownRatio: random.between(0.85, 1.1),
  };
  const fan: LoadPhysics = {
    kind: 'motor',
    powerW: fanW,
    powerFactor: 0.65,
    ...auxiliary(random),
    capacitorRatio: 0.8,
    straySaturation: 0.8,
  };
  return { kind: 'appliance', powerW: powerW + fanW, parts: [compressor, fan] };
}

/** A motor that turns both ways, most with a run capacitor: empty, washing or spinning it draws a third to all of its power. */
export function sampleWashingMachine(random: RandomStream): LoadPhysics {
  const loadRatio = random.between(0.4, 1);
  const ratedW = around(random, 320, 0.18);
  // Magnetising and stray reactive power hardly depend on the load: a light one has the lower power factor.
  const reactivePerRated = Math.sqrt(1 / random.between(0.6, 0.8) ** 2 - 1);
  const powerFactor = Math.max(0.35, 1 / Math.hypot(1, reactivePerRated / loadRatio));
  return {
    kind: 'motor',
    powerW: loadRatio * ratedW,
    powerFactor,
    ...auxiliary(random),
    capacitorRatio: chance(random, 0.6) ? capacitorFor(powerFactor, random.between(-8, 30)) : 0,
    ...iron(random, 1.6),
    startResistanceRatio: random.between(0.25, 0.6),
    startReactanceRatio: random.between(0.3, 0.65),
    runUpMs: logBetween(random, 150, 700),
  };
}

export function sampleWaterPump(random: RandomStream): LoadPhysics {
  const powerFactor = random.between(0.65, 0.88);
  return {
    kind: 'motor',
    powerW: logBetween(random, 150, 1300),
    powerFactor,
    ...auxiliary(random),
    capacitorRatio: capacitorFor(powerFactor, random.between(-5, 30)),
    ...iron(random, 1.3),
    startResistanceRatio: random.between(0.15, 0.35),
    startReactanceRatio: random.between(0.25, 0.5),
    runUpMs: logBetween(random, 80, 400),
  };
}

function brushMotor(random: RandomStream, powerW: number, powerFactor: number): BrushMotorSpec {
  // One in five has worn brushes.
  const brushNoiseRatio = chance(random, 0.2) ? random.between(0.15, 0.45) : logBetween(random, 0.01, 0.12);
  return {
    kind: 'universalMotor',
    powerW,
    powerFactor,
    saturation: random.between(0.9, 2.6),
    brushNoiseRatio,
    commutationHz: logBetween(random, 5000, 15_000),
    windingRatio: random.between(0.1, 0.25),
  };
}

export function sampleVacuumCleaner(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([600, 1000, 1200, 1400, 1600]), 0.08);
  const motor = brushMotor(random, powerW, random.between(0.975, 0.999));
  const isThrottled = chance(random, 0.3);
  return {
    ...motor,
    runUpMs: logBetween(random, 250, 900),
    firingAngleDeg: isThrottled ? random.between(20, 100) : 0,
  };
}

export function sampleDrill(random: RandomStream): LoadPhysics {
  const motor = brushMotor(
    random,
    around(random, random.pick([350, 500, 650, 850]), 0.08),
    random.between(0.94, 0.995),
  );
  return {
    ...motor,
    runUpMs: logBetween(random, 80, 300),
    firingAngleDeg: chance(random, 0.5) ? random.between(20, 125) : 0,
  };
}

export function sampleBlender(random: RandomStream): LoadPhysics {
  const motor = brushMotor(random, logBetween(random, 200, 1200), random.between(0.965, 0.998));
  return { ...motor, runUpMs: logBetween(random, 60, 350) };
}
