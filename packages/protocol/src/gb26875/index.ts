export { gbClassification, gbConditionKinds, type GbConditionKind } from './condition/condition-kinds.ts';
export { gbConditions, type GbCondition, type GbPlace } from './condition/conditions.ts';
export { gbResets, type GbReset } from './condition/resets.ts';
export { decodeGbFrame, readGbHead } from './frame/decode-frame.ts';
export { encodeGbFrame } from './frame/encode-frame.ts';
export {
  gbMaxDataBytes,
  gbMaxFrameBytes,
  type GbDiscarded,
  type GbDiscardReason,
  type GbFrame,
} from './frame/frame.ts';
export { createGbFrameSplitter, splitGbDatagram, type GbFrameSplitter, type GbPiece } from './frame/frame-splitter.ts';
export { gbFrameWarnings, type GbFrameWarning } from './frame/frame-warnings.ts';
export { readdressGbFrame } from './frame/readdress-frame.ts';
export { gbUnitTypeOf, isGbHeartbeat } from './frame/heartbeat.ts';
export { type GbDiscardedJson, type GbFrameJson, type GbObjectJson } from './json/frame-json.ts';
export { gbFrameFromJson } from './json/from-json.ts';
export { type GbJsonProblem } from './json/json-problems.ts';
export { gbDiscardedToJson, gbFrameToJson } from './json/to-json.ts';
export { GbProfile, readGbProfile, standardGbProfile } from './profile.ts';
export { decodeGb18030, encodeGb18030 } from './text/gb18030.ts';
export { readTimeLabel, toBeijingIso, writeTimeLabel } from './time-label.ts';
export { decodeGbUnit } from './unit/decode-unit.ts';
export { encodeGbUnit } from './unit/encode-unit.ts';
export { type GbObject } from './unit/gb-object.ts';
export { type GbUnit, type GbUnitFault } from './unit/gb-unit.ts';
export { GbField, type GbLayout } from './unit/layout.ts';
export { gbUnitType, gbUnitTypes, type GbUnitType } from './unit/unit-types.ts';
export { gbAddressText, gbPartAddressParts } from './words/address.ts';
export { gbAnalogTypes, type GbAnalogType } from './words/analog-types.ts';
export {
  gbBitNames,
  gbDeviceOperationBits,
  gbDeviceStatusBits,
  gbFacilityOperationBits,
  gbOperationBits,
  gbPartStatusBits,
  gbStatusBits,
  gbSystemStatusBits,
  type GbBit,
} from './words/bits.ts';
export { gbPartTypeWord, gbSystemTypeWord, type GbCodeWord } from './words/code-word.ts';
export { gbCommand, gbCommandRange, gbCommands } from './words/commands.ts';
export { gbPartTypes } from './words/part-types.ts';
export { gbQuantity, type GbQuantity } from './words/quantity.ts';
export { gbSystemTypes } from './words/system-types.ts';
export { type GbCodeRange, type GbWord } from './words/word.ts';
