export { Alarm, AlarmChange, AlarmResponse } from './api/alarm.ts';
export {
  AlarmVerdict,
  alarmVerdicts,
  falseAlarmCauses,
  type AlarmVerdictWord,
  type FalseAlarmCause,
} from './api/alarm-verdict.ts';
export { AlarmFigures } from './api/alarm-figures.ts';
export { AlarmGroup } from './api/alarm-group.ts';
export { AuditHead, AuditRecord, auditResults } from './api/audit.ts';
export { Area, areaKinds, type AreaKind } from './api/area.ts';
export { BlindSpot, Coverage, blindReasons, type BlindReason } from './api/blind-spot.ts';
export { CaptureSamples, CaptureSummary } from './api/capture.ts';
export {
  Cable,
  Circuit,
  cableCrossSectionsMm2,
  cableInstallationMethods,
  cableInsulations,
  cableProblems,
  isProtected,
  protectedClasses,
  type ProtectedClass,
} from './api/circuit.ts';
export {
  Acceptance,
  AcceptanceSignature,
  BoardVenue,
  CommissioningTest,
  TestPoint,
  TrialKpi,
  TrialOperation,
  TrialReport,
  VenueLifeChange,
  signatureCapacities,
  testOutcomes,
  venueLifeOf,
  venueLifeStates,
  venueLifeTransitions,
  type SignatureCapacity,
  type TestOutcome,
  type VenueLifeState,
} from './api/commissioning.ts';
export {
  CallNews,
  callNewsEvents,
  CallOut,
  callOutAnswers,
  CallOutCall,
  callOutChains,
  callOutEnds,
  callOutReasons,
  callOutStates,
  callStates,
  type CallOutAnswer,
  type CallOutChain,
  type CallOutEnd,
  type CallOutReason,
  type CallOutState,
  type CallState,
} from './api/call-out.ts';
export {
  Contact,
  contactRoles,
  reachChannels,
  reachLanguages,
  REACH_WAYS_PER_PERSON,
  ReachWay,
  type ContactRole,
  type ReachChannel,
  type ReachLanguage,
} from './api/contact.ts';
export {
  QrPath,
  Claim,
  CommandKey,
  DeviceCommand,
  Enrolment,
  commandStates,
  type CommandState,
} from './api/command.ts';
export { DeviceEventRecord } from './api/device-event.ts';
export {
  DeviceHistoryEntry,
  deviceHistoryKinds,
  deviceLifeStates,
  deviceLifeTransitions,
  type DeviceLifeState,
} from './api/device-life.ts';
export { deviceListStates, type DeviceListState } from './api/device-list.ts';
export {
  FireWatch,
  Isolation,
  IsolationReach,
  isolationKinds,
  isolationStates,
  longestIsolationH,
  type IsolationKind,
  type IsolationState,
} from './api/isolation.ts';
export { DeviceModel, deviceModelProblems, modelSuccessionProblems, type ModelPoint } from './api/device-model.ts';
export {
  Batch,
  BatchDevice,
  BatchImport,
  BatchReport,
  CalibrationRecord,
  EndOfLineRecord,
  EndOfLineRow,
  NewBatch,
  NewCalibration,
  batchSheets,
  calibrationDeliveries,
  endOfLineResults,
  mostBatchRows,
  type BatchSheet,
  type EndOfLineResult,
} from './api/factory.ts';
export {
  GbDutyCheckRecord,
  GbDutyRound,
  GbFrameSeen,
  GbPartRecord,
  GbPartValueRecord,
  GbTransactionRecord,
} from './api/gb-device.ts';
export { GbRelay, RelayChange, RelayDevice, RelaySettings, relayModes, type RelayMode } from './api/gb-relay.ts';
export { ImportProblem, ImportReport, importSheets, type ImportSheet } from './api/import.ts';
export {
  callOutcomes,
  fireMessageKinds,
  Incident,
  incidentActs,
  IncidentAlarm,
  incidentCauses,
  IncidentFile,
  incidentFileTypes,
  IncidentHandlers,
  IncidentReport,
  incidentStates,
  IncidentStep,
  incidentStepKinds,
  incidentVerdicts,
  ProcedureStanding,
  procedureSteps,
  verificationMeans,
  type CallOutcome,
  type FireMessageKind,
  type IncidentAct,
  type IncidentCause,
  type IncidentFileType,
  type IncidentState,
  type IncidentStepKind,
  type IncidentVerdict,
  type ProcedureStep,
  type VerificationMeans,
} from './api/incident.ts';
export { CallSheet, FIRE_MESSAGE_ALARMS, FireMessageText, type FireMessage } from './api/fire-message.ts';
export { Label } from './api/label.ts';
export { type ModelFactory } from './api/model-factory.ts';
export {
  liveTopics,
  type LiveClientFrame,
  type LiveServerFrame,
  type LiveTopic,
  type PresenceRow,
  type ValueRow,
} from './api/live.ts';
export { Overview } from './api/overview.ts';
export {
  InboxGroup,
  linkStates,
  NewSource,
  pushSchemes,
  Source,
  SourceChange,
  sourceKinds,
  type PushScheme,
  type SourceKind,
} from './api/foreign-source.ts';
export { LateHazard, QuarantinedMessage } from './api/quarantine.ts';
export {
  Device,
  Organisation,
  Point,
  PointLimit,
  Venue,
  gasSupplies,
  organisationKinds,
  sensorFamilies,
  venueClasses,
  venueFireFacts,
  type GasSupply,
  type SensorFamily,
  type VenueClass,
} from './api/registry.ts';
export {
  Release,
  Rollout,
  RolloutDevice,
  RolloutGroup,
  RolloutStage,
  RolloutStep,
  rolloutDeviceStates,
  rolloutGroupKinds,
  rolloutStates,
  rolloutStopReasons,
  type RolloutCounts,
  type RolloutDeviceState,
  type RolloutState,
  type RolloutStopReason,
} from './api/rollout.ts';
export { EpochMs, Instant, oneOf, page } from './api/schema.ts';
export { RuleDraft, RuleTrial, RuleVersion, ruleStates, type RuleState } from './api/rule.ts';
export {
  LinkedIdentity,
  OfferedFactor,
  Account,
  ApiToken,
  LogIn,
  owedSteps,
  permissions,
  roles,
  Session,
  tokenRoles,
  type OwedStep,
  type Permission,
  type Role,
} from './api/session.ts';
export { Seat, seatSounds, type SeatSound } from './api/seat.ts';
export { ModelWords } from './api/words.ts';
export {
  WorkAssignee,
  WorkAssignees,
  WorkCause,
  WorkFault,
  WorkOrder,
  WorkOrderCounts,
  WorkOrderStep,
  WorkPhoto,
  WorkRepair,
  WorkWords,
  closedWorkOrderStates,
  failedVerificationReasons,
  isClosedWorkOrder,
  verificationWaits,
  workOrderActs,
  workOrderStates,
  workOrderStepKinds,
  type FailedVerificationReason,
  type VerificationWait,
  type WorkOrderAct,
  type WorkOrderState,
  type WorkOrderStepKind,
} from './api/work-order.ts';
export {
  Calibration,
  CalibrationChannel,
  calibrationIdOf,
  calibrationProblems,
  calibrationWord,
  captureCalibrationOf,
  misfitOf,
  phaseUsOf,
  type CaptureCalibration,
} from './calibration/calibration.ts';
export { type CapAlert, type CapInfo, type CapReference } from './cap/cap-alert.ts';
export { capInstant, formatCap } from './cap/format-cap.ts';
export { type CfgAnalog, type CfgDigital } from './comtrade/cfg.ts';
export { formatCff, parseCff } from './comtrade/cff.ts';
export { formatComtrade, type ComtradeOptions } from './comtrade/format-comtrade.ts';
export { parseComtrade, type ComtradeFile } from './comtrade/parse-comtrade.ts';
export { ArcEvidence, arcKinds, arcStages } from './evidence/arc-evidence.ts';
export {
  HazardEvidence,
  LoadJudgement,
  loadVerdicts,
  readEvidence,
  type Evidence,
  type LoadVerdict,
} from './evidence/evidence.ts';
export { LoadHistoryErasure, LoadHistoryReason } from './api/load-history.ts';
export { LoadEvidence, nameLevels } from './evidence/load-evidence.ts';
export { MeasuredFeature } from './evidence/measured-feature.ts';
export * from './gb26875/index.ts';
export {
  defaultDeviceModels,
  deviceModelsOf,
  fitOf,
  type FitRefusal,
  type TerminalFacts,
} from './manifest/release-fit.ts';
export {
  ReleaseManifest,
  ReleaseRequirements,
  largestManifestBytes,
  largestReleaseBytes,
  manifestBytes,
  readManifest,
  releaseIdOf,
  releaseKinds,
  type ReleaseKind,
  type UnsignedManifest,
} from './manifest/release-manifest.ts';
export { readUpdateEvidence, updateStates, type UpdateEvidence, type UpdateState } from './manifest/update-evidence.ts';
export { compareVersions, versionPattern } from './manifest/version.ts';
export {
  applyMapping,
  mapMessage,
  unmappedReasons,
  type ForeignMessage,
  type MappedStatement,
  type MappingResult,
  type Unmapped,
  type UnmappedReason,
} from './mapping/apply-mapping.ts';
export { draftMapping, type DraftCase, type MappingDraft, type Pick } from './mapping/draft-mapping.ts';
export { timeFormats, type TimeFormat } from './mapping/foreign-time.ts';
export { Mapping, MappingSet, type AnyMapping } from './mapping/mapping.ts';
export { shapeOf, topicShapeOf } from './mapping/message-shape.ts';
export {
  leavesOf,
  proposeFields,
  timeFormatOf,
  type FieldRole,
  type Leaf,
  type LeafPlace,
  type Proposal,
} from './mapping/propose-fields.ts';
export { readMapping } from './mapping/read-mapping.ts';
export { wireReportOf, type WireReport } from './mapping/statement-wire.ts';
export { matchesTopic, topicFilterProblem } from './mapping/topic-filter.ts';
export { decodeHfhadSlice, findHfhadRecording, parseHfhad, type HfhadSlice } from './recording/hfhad.ts';
export { quantityOf, unitOf } from './recording/quantity.ts';
export { type RecordedChannel, type Recording, type Unreadable } from './recording/recording.ts';
export { formatWaveformCsv, parseWaveformCsv } from './recording/waveform-csv.ts';
export {
  assembleCapture,
  decodeCaptureChunk,
  encodeCapture,
  frameBytesOf,
  type AssembledCapture,
  type CaptureChunk,
} from './wire/capture.ts';
export { decodeFrames, encodeFrames, type EncodedFrames, type SampledChannel } from './wire/capture-frames.ts';
export { maxCaptureBytes, type CaptureChannel, type CaptureHeader } from './wire/capture-header.ts';
export { canonicalJson } from './wire/canonical-json.ts';
export { CommandMessage, commandBytes, decodeCommand, encodeCommand } from './wire/command.ts';
export {
  DeviceSettings,
  commandLifetimeMs,
  commandNames,
  dangerousCommands,
  isCommandName,
  longestSilenceMin,
  readOrder,
  type CommandName,
  type CommandOrder,
} from './wire/command-order.ts';
export {
  centreFunctionNames,
  CentreFunctionSchema,
  type CentreFunction,
  type CentreFunctionName,
} from './api/centre-function.ts';
export { crc32 } from './wire/crc32.ts';
export { maxPacketBytes, type DiscardReason, type Discarded } from './wire/discarded.ts';
export { decodeEvent, encodeEvent, type DeviceEvent, type EventFlag, type EventMessage } from './wire/event.ts';
export { decodePresence, encodePresence, type Presence } from './wire/presence.ts';
export { decodeReply, encodeReply, type Reply } from './wire/reply.ts';
export { decodeTelemetry } from './wire/telemetry.ts';
export { encodeBinaryTelemetry } from './wire/telemetry-binary.ts';
export { encodeBatchTelemetry, encodeSingleTelemetry } from './wire/telemetry-json.ts';
export {
  type RejectReason,
  type RejectedValue,
  type Telemetry,
  type TelemetryFlag,
  type TelemetryMessage,
  type TelemetryRow,
} from './wire/telemetry-message.ts';
export { decodeTime, encodeTime, type TimeMessage } from './wire/time.ts';
export {
  captureTopicOf,
  deviceTopicKinds,
  isWireId,
  parseTopic,
  topicOf,
  type DeviceTopicKind,
  type ParsedTopic,
} from './wire/topic.ts';
