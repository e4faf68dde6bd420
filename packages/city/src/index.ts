/**
 * The simulator: distribution boards that yield waveforms, rooms that yield smoke, heat and gas, a demo city made of
 * both. Everything follows from a spec, a seed and the clock given: no time, no randomness of its own.
 *
 * Waveforms: `createBoard`, or `parseCitySource` + `createScenarioBoard` for a terminal's `city:` source. Events by the
 * ten thousand: `sampleLoad` of `loadTypes`, `renderSwitching`, `renderCircuit`. Arcs: `arcMatrix` with `renderMatrixRow`,
 * `nuisanceClasses` with `createNuisanceRenderer`, faults of a board.
 * Rooms: `createRoom`. Demo: `createDemoCity`, `demoScript`, `createDemoBoard`, `createDemoDevice`.
 */
export {
  type ArcModelSpec,
  type BreakdownSpec,
  type CarbonisedPathSpec,
  type CassieSpec,
  checkArcModel,
  type HabedankSpec,
  type MayrSpec,
  type SchavemakerSpec,
  type StaticArcSpec,
} from './arc/arc-spec.ts';
export { arcMatrix } from './arc-matrix/arc-matrix.ts';
export { breakTimeMs, breakTimes, parallelHalfCycles } from './arc-matrix/break-time.ts';
export { type MatrixCase, type MatrixRow, type ReactingRow, type SilentRow } from './arc-matrix/matrix-row.ts';
export { type NuisanceClass } from './arc-matrix/nuisance/nuisance-class.ts';
export { nuisanceClass, nuisanceClasses } from './arc-matrix/nuisance/nuisance-classes.ts';
export {
  createNuisanceRenderer,
  type NuisanceEpisode,
  type NuisanceOptions,
  type NuisanceRenderer,
  renderNuisanceEpisode,
} from './arc-matrix/nuisance/nuisance-renderer.ts';
export {
  beginMatrixRun,
  type MatrixRun,
  type MatrixRunOptions,
  type MatrixTruth,
  renderMatrixRow,
} from './arc-matrix/render-matrix-row.ts';
export { beginSilentRun, type SilentRun, type SilentRunOptions } from './arc-matrix/silent-run.ts';
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
  type NeighbourArcFault,
  type OverloadFault,
  type ParallelArcFault,
  type RisingLeakageFault,
  type SeriesArcFault,
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
  type BrushMotorSpec,
  type CapacitiveDropperSpec,
  type CompressorSpec,
  type ElectronicTransformerSpec,
  type FluorescentSpec,
  type InductionHobSpec,
  type MicrowaveSpec,
  type PfcSupplySpec,
} from './load/appliance-spec.ts';
export { type ChargerSpec } from './load/charger-spec.ts';
export { type CircuitElement } from './load/circuit-element.ts';
export { type AngleTurn, type DutySpec, type FluctuationSpec, type SettlingSpec } from './load/course-spec.ts';
export {
  type ApplianceSpec,
  type DimmerSpec,
  type LoadPhysics,
  type LoadSpec,
  type MotorSpec,
  type RectifierSpec,
  type ResistiveSpec,
} from './load/load-spec.ts';
export { chargerModelNames, chargerModels, type ChargerModelName, eBikeCharger } from './population/charger-models.ts';
export { type LoadFamilyName, type LoadType, type LoadTypeName, loadTypes } from './population/load-types.ts';
export {
  beginCircuit,
  type CircuitRequest,
  type CircuitWave,
  renderCircuit,
  type RenderedCircuit,
  type RenderedLoad,
} from './population/render-circuit.ts';
export { renderSwitching, type SwitchingRequest } from './population/render-switching.ts';
export { sampleLoad } from './population/sample-load.ts';
export { sampleSupply } from './population/sample-supply.ts';
export { sampleTurns } from './population/sample-turns.ts';
export { RandomStream } from './random/random-stream.ts';
export { createRoom, type Room, type RoomValues } from './room/create-room.ts';
export {
  createNuisanceScene,
  nuisanceSceneKinds,
  type NuisanceSceneKind,
  type SceneValues,
} from './room/nuisance-scene.ts';
export { roomSensors, type RoomSensor, type RoomSpec } from './room/room-spec.ts';
export { type ConverterSpec } from './sampling/converter.ts';
export { type Hours, type Schedule, type Span } from './schedule/schedule.ts';
export {
  type CityArcKind,
  cityArcKinds,
  type CityScenario,
  type CityScenarioName,
  cityScenarioNames,
  prohibitedTypes,
} from './source/city-scenario.ts';
export { createScenarioBoard, scenarioBoardSpec } from './source/create-scenario-board.ts';
export { isCitySource, parseCitySource } from './source/parse-city-source.ts';
export { type SupplySpec } from './supply/supply-spec.ts';
