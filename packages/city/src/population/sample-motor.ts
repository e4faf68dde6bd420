import type { BrushMotorSpec } from '../load/appliance-spec.ts';
import type { LoadPhysics } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { around, chance, logBetween } from './draw.ts';

export function sampleFan(random: RandomStream): LoadPhysics {
  // Capacitor motors come near power factor 1 or lead; shaded-pole ones stay far below.
  const hasCapacitor = chance(random, 0.7);
  return {
    kind: 'motor',
    powerW: around(random, hasCapacitor ? 48 : 30, 0.18),
    powerFactor: random.between(0.5, 0.72),
    saturation: random.between(0.2, 1.6),
    capacitorRatio: hasCapacitor ? random.between(0.6, 1.3) : 0,
    startResistanceRatio: random.between(0.45, 0.9),
    startReactanceRatio: random.between(0.5, 0.95),
    runUpMs: logBetween(random, 300, 2500),
  };
}

export function sampleRangeHood(random: RandomStream): LoadPhysics {
  const powerW = around(random, 160, 0.16);
  const motor: LoadPhysics = {
    kind: 'motor',
    powerW,
    powerFactor: random.between(0.6, 0.8),
    saturation: random.between(0.1, 0.9),
    capacitorRatio: random.between(0.3, 1.1),
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
  return {
    kind: 'compressor',
    powerW,
    powerFactor: random.between(0.55, 0.85),
    capacitorRatio: chance(random, 0.5) ? random.between(0.2, 0.8) : 0,
    inrushRatio: random.between(4, 9),
    startPowerFactor: random.between(0.6, 0.9),
    runUpMs: logBetween(random, 80, 450),
    saturation: random.between(0.1, 0.7),
    pulsationRatio: random.between(0.01, 0.1),
    strokeHz: random.between(47, 49.4),
    pullDownRatio: random.between(1.05, 1.4),
  };
}

export function sampleAirConditioner(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([720, 1000, 1450, 2000]), 0.08);
  const fanW = random.between(25, 90);
  const compressor: LoadPhysics = {
    kind: 'compressor',
    powerW,
    powerFactor: random.between(0.75, 0.93),
    capacitorRatio: random.between(0.3, 0.75),
    inrushRatio: random.between(3.5, 6.5),
    startPowerFactor: random.between(0.6, 0.9),
    runUpMs: logBetween(random, 100, 500),
    saturation: random.between(0.05, 0.4),
    pulsationRatio: random.between(0, 0.05),
    strokeHz: random.between(46.5, 49.4),
    pullDownRatio: random.between(0.85, 1.1),
  };
  const fan: LoadPhysics = { kind: 'motor', powerW: fanW, powerFactor: 0.65, capacitorRatio: 0.8, saturation: 0.4 };
  return { kind: 'appliance', powerW: powerW + fanW, parts: [compressor, fan] };
}

export function sampleWashingMachine(random: RandomStream): LoadPhysics {
  const powerW = around(random, 260, 0.22);
  return {
    kind: 'motor',
    powerW,
    powerFactor: random.between(0.5, 0.75),
    capacitorRatio: random.between(0.2, 0.9),
    saturation: random.between(0.1, 0.7),
    startResistanceRatio: random.between(0.25, 0.6),
    startReactanceRatio: random.between(0.3, 0.65),
    runUpMs: logBetween(random, 150, 700),
  };
}

export function sampleWaterPump(random: RandomStream): LoadPhysics {
  return {
    kind: 'motor',
    powerW: logBetween(random, 150, 1300),
    powerFactor: random.between(0.65, 0.88),
    capacitorRatio: random.between(0.1, 0.6),
    saturation: random.between(0.05, 0.5),
    startResistanceRatio: random.between(0.15, 0.35),
    startReactanceRatio: random.between(0.25, 0.5),
    runUpMs: logBetween(random, 80, 400),
  };
}

function brushMotor(random: RandomStream, powerW: number): BrushMotorSpec {
  // One in five has worn brushes.
  const brushNoiseRatio = chance(random, 0.2) ? random.between(0.15, 0.45) : logBetween(random, 0.01, 0.12);
  return {
    kind: 'universalMotor',
    powerW,
    powerFactor: random.between(0.93, 0.996),
    saturation: random.between(0.8, 3.5),
    brushNoiseRatio,
    commutationHz: logBetween(random, 5000, 15_000),
    windingRatio: random.between(0.1, 0.25),
  };
}

export function sampleVacuumCleaner(random: RandomStream): LoadPhysics {
  const powerW = around(random, random.pick([600, 1000, 1200, 1400, 1600]), 0.08);
  const motor = brushMotor(random, powerW);
  const isThrottled = chance(random, 0.3);
  return {
    ...motor,
    runUpMs: logBetween(random, 250, 900),
    firingAngleDeg: isThrottled ? random.between(20, 100) : 0,
  };
}

export function sampleDrill(random: RandomStream): LoadPhysics {
  const motor = brushMotor(random, around(random, random.pick([350, 500, 650, 850]), 0.08));
  return {
    ...motor,
    runUpMs: logBetween(random, 80, 300),
    firingAngleDeg: chance(random, 0.5) ? random.between(20, 125) : 0,
  };
}

export function sampleBlender(random: RandomStream): LoadPhysics {
  const motor = brushMotor(random, logBetween(random, 150, 1200));
  return { ...motor, runUpMs: logBetween(random, 60, 350) };
}
