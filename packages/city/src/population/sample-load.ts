import type { LoadPhysics, LoadSpec } from '../load/load-spec.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { LoadTypeName } from './load-types.ts';
import { sampleEBikeCharger, sampleScooterCharger, sampleToolCharger } from './sample-charger.ts';
import * as electronics from './sample-electronics.ts';
import * as heater from './sample-heater.ts';
import * as motor from './sample-motor.ts';

const samplers: Readonly<Record<LoadTypeName, (random: RandomStream) => LoadPhysics>> = {
  kettle: heater.sampleKettle,
  immersionHeater: heater.sampleImmersionHeater,
  hotPlate: heater.sampleHotPlate,
  spaceHeater: heater.sampleSpaceHeater,
  ptcHeater: heater.samplePtcHeater,
  electricBlanket: heater.sampleElectricBlanket,
  riceCooker: heater.sampleRiceCooker,
  waterHeater: heater.sampleWaterHeater,
  iron: heater.sampleIron,
  oven: heater.sampleOven,
  incandescentLamp: heater.sampleIncandescentLamp,
  hairDryer: heater.sampleHairDryer,
  fan: motor.sampleFan,
  rangeHood: motor.sampleRangeHood,
  refrigerator: motor.sampleRefrigerator,
  airConditioner: motor.sampleAirConditioner,
  washingMachine: motor.sampleWashingMachine,
  waterPump: motor.sampleWaterPump,
  vacuumCleaner: motor.sampleVacuumCleaner,
  drill: motor.sampleDrill,
  blender: motor.sampleBlender,
  laptop: electronics.sampleLaptop,
  desktopComputer: electronics.sampleDesktopComputer,
  television: electronics.sampleTelevision,
  phoneCharger: electronics.samplePhoneCharger,
  ledLamp: electronics.sampleLedLamp,
  ledPanel: electronics.sampleLedPanel,
  compactFluorescentLamp: electronics.sampleCompactFluorescentLamp,
  halogenLamps: electronics.sampleHalogenLamps,
  inverterAirConditioner: electronics.sampleInverterAirConditioner,
  dimmedLamp: electronics.sampleDimmedLamp,
  dimmedHeater: electronics.sampleDimmedHeater,
  microwaveOven: electronics.sampleMicrowaveOven,
  eBikeCharger: sampleEBikeCharger,
  scooterCharger: sampleScooterCharger,
  toolCharger: sampleToolCharger,
  inductionHob: electronics.sampleInductionHob,
  fluorescentLamps: electronics.sampleFluorescentLamps,
};

/**
 * One device of a type with the spread of makes, ratings, ages and settings of the population: ratings and spreads are
 * editable estimates, not measurements. `id` is the type's name; give it another one when two are on a circuit.
 *
 * @example sampleLoad('kettle', new RandomStream(7, 'kettle')) // { id: 'kettle', kind: 'resistive', powerW: 1523, … }
 */
export function sampleLoad(type: LoadTypeName, random: RandomStream): LoadSpec {
  return { id: type, ...samplers[type](random) };
}
