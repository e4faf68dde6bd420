/**
 * The simulator: distribution boards that yield waveforms, rooms that yield smoke, heat and gas, a demo city made of
 * both. Everything follows from a spec, a seed and the clock given: no time, no randomness of its own.
 *
 * Waveforms: `createBoard`, or `parseCitySource` + `createScenarioBoard` for a terminal's `city:` source.
 * Rooms: `createRoom`. Demo: `createDemoCity`, `demoScript`, `createDemoBoard`, `createDemoDevice`.
 */
export { type BoardSpec, type CircuitSpec } from './board/board-spec.ts';
export { createBoard, type Board, type BoardBlock } from './board/create-board.ts';
export { circuitUses, type CircuitUse } from './demo/circuit-use.ts';
export { createDemoBoard, createDemoDevice, type DemoDeviceOptions } from './demo/create-demo-device.ts';
export { createDemoCity, type DemoCity } from './demo/create-demo-city.ts';
export {
  demoModels,
  type DemoCircuit,
  type DemoDeviceEntry,
  type DemoModel,
  type DemoSimulation,
} from './demo/demo-device-entry.ts';
export { type DemoDevice } from './demo/demo-device.ts';
export { demoScript, type DemoEvent, type DemoScript } from './demo/demo-script.ts';
export { type DemoVenue } from './demo/venues.ts';
export {
  circuitFaultKinds,
  type CircuitFault,
  type LooseTerminalFault,
  type OverloadFault,
  type RisingLeakageFault,
} from './fault/circuit-fault.ts';
export { type FaultTime } from './fault/fault-time.ts';
export {
  growthKwPerS2,
  roomFaultKinds,
  type FlamingFault,
  type GasLeakFault,
  type RoomFault,
  type SmoulderingFault,
} from './fault/room-fault.ts';
export { chargePowerW } from './load/charge-course.ts';
export {
  type ApplianceSpec,
  type BrushMotorSpec,
  type CapacitiveDropperSpec,
  type CompressorSpec,
  type ElectronicTransformerSpec,
  type FluorescentSpec,
  type InductionHobSpec,
  type MicrowaveSpec,
  type PfcSupplySpec,
} from './load/appliance-spec.ts';
export { type ChargerSpec, type EBikeChargerSpec } from './load/charger-spec.ts';
export { type CircuitElement } from './load/circuit-element.ts';
export {
  type AngleTurn,
  type DimmerSpec,
  type DutySpec,
  type FluctuationSpec,
  type LoadPhysics,
  type LoadSpec,
  type MotorSpec,
  type RectifierSpec,
  type ResistiveSpec,
} from './load/load-spec.ts';
export { RandomStream } from './random/random-stream.ts';
export { createRoom, type Room, type RoomValues } from './room/create-room.ts';
export { roomSensors, type RoomSensor, type RoomSpec } from './room/room-spec.ts';
export { type ConverterSpec } from './sampling/converter.ts';
export { type Hours, type Schedule, type Span } from './schedule/schedule.ts';
export { cityScenarioNames, type CityScenario, type CityScenarioName } from './source/city-scenario.ts';
export { createScenarioBoard, scenarioBoardSpec } from './source/create-scenario-board.ts';
export { isCitySource, parseCitySource } from './source/parse-city-source.ts';
export { type SupplySpec } from './supply/supply-spec.ts';
