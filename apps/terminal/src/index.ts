/**
 * The edge runtime: sample source → cycles → hazards → outbox → uplink. `createTerminal` puts it together; sources and
 * uplinks are interfaces, so that a terminal runs in one process with a simulated board or a test's own centre.
 */
export { defaultCaptureWindow, type CaptureWindow } from './capture/capture-recorder.ts';
export { capturePoints } from './capture/capture-channels.ts';
export { inspectRecording, type CircuitInspection, type RecordingInspection } from './source/inspect-recording.ts';
export { checkCentre } from './doctor/check-centre.ts';
export { checkFieldbus } from './doctor/check-fieldbus.ts';
export { checkClock, checkMemory, checkService, checkStorage } from './doctor/check-machine.ts';
export { checkSource } from './doctor/check-source.ts';
export { type DoctorFinding } from './doctor/finding.ts';
export { createFieldbus, type Fieldbus } from './fieldbus/fieldbus.ts';
export { loadFieldbus, type FieldbusConfig } from './fieldbus/fieldbus-file.ts';
export { meteringRemarks } from './fieldbus/metering-remarks.ts';
export { joinBreakers } from './fieldbus/modbus-breakers.ts';
export { decodeBlock } from './modbus/decode-block.ts';
export { loadRegisterMap, shippedMapIds } from './modbus/load-register-map.ts';
export { ModbusFailure, type ModbusLink, type ModbusRead } from './modbus/modbus-link.ts';
export { openModbusLink, wordsOfAddress, type BusAddress } from './modbus/open-modbus-link.ts';
export { readPlan, type ReadBlock } from './modbus/read-plan.ts';
export { modbusTables, type ModbusTable, type RegisterMap } from './modbus/register-map.ts';
export { createIdleSource } from './source/idle-source.ts';
export { isStreamSource } from './source/stream/stream-source.ts';
export { inspectLoads, type LoadInspection, type WholeCurrent } from './source/inspect-loads.ts';
export { createBoardSource, createScenarioSource } from './source/board-source.ts';
export { diagnoseRecording, type CircuitFinding, type RecordingDiagnosis } from './source/diagnose-recording.ts';
export { openSource, type OpenedSource, type OpenSourceOptions } from './source/open-source.ts';
export { readRecordingFile, type RecordingFile } from './source/read-recording.ts';
export { createRecordingSource, type RecordingSourceOptions } from './source/recording-source.ts';
export { type SampleSource, type SourceBlock, type SourceCircuit, type SourceNote } from './source/sample-source.ts';
export { systemClock, type Clock } from './playback/clock.ts';
export { numberingFrom, type Numbering } from './report/numbering.ts';
export { randomEpoch } from './report/random-epoch.ts';
export { type Packet, type Report } from './report/report.ts';
export { createReportWriter, type CaptureContent, type ReportWriter } from './report/report-writer.ts';
export { actionFileOf, readActions, writeActions, type ActionRecord } from './action/action-file.ts';
export { type Breakers } from './action/breaker.ts';
export { createLocalActor, type LocalAct, type LocalActor } from './action/local-actor.ts';
export { isSignedBy, loadPolicies, signPolicy, type SignedPolicy } from './action/signed-policy.ts';
export {
  calibrationFileOf,
  loadCalibration,
  openCalibrationBook,
  type CalibrationBook,
} from './calibration/calibration-book.ts';
export { judgeCalibration } from './calibration/judge-calibration.ts';
export { createCentreClock, type CentreClock } from './command/centre-clock.ts';
export { createCommandGate, type CommandGate, type Obeyed } from './command/command-gate.ts';
export { configurationFileOf, openConfigurationBook, type ConfigurationBook } from './command/configuration-book.ts';
export { memoryNonceBook, nonceFileOf, openNonceBook, type NonceBook } from './command/nonce-book.ts';
export { loadPinnedKeys, pinnedKeys, type PinnedKeys } from './command/pinned-keys.ts';
export { loadSite } from './site/load-site.ts';
export { siteProblems, type Site, type SiteCircuit } from './site/site.ts';
export { keepMeters, loadMeters, meterFileOf, type Meters, withMeters } from './state/meter-file.ts';
export { createStateFile, loadState, type StateFile } from './state/state-file.ts';
export { type TerminalState } from './state/terminal-state.ts';
export { createTerminal, type Terminal, type TerminalCounts, type TerminalOptions } from './terminal.ts';
export { nothingTaught, type TaughtLoads } from './loads/taught-loads.ts';
export { judge, revise, type Judgement } from './teaching/judge.ts';
export { type RecentLoad } from './teaching/recent-loads.ts';
export { learnJudgement, rollBackTeaching, type CentreJudgement, type Lesson } from './teaching/learn-judgement.ts';
export { createTeachingDesk, type TeachingDesk } from './teaching/teaching-desk.ts';
export { readRecent, readTaught, teachingFilesOf, writeTaught, type TeachingFiles } from './teaching/teaching-files.ts';
export { fetchRelease, type FetchOptions } from './update/fetch-release.ts';
export { goldenProblem } from './update/golden-check.ts';
export { SOFTWARE_ENTRY, SoftwareShelf, type SoftwareOutcome } from './update/software-shelf.ts';
export { createUpdateDesk, SOFTWARE_NAME, type UpdateDesk, type UpdateHost } from './update/update-desk.ts';
export { updateFileOf } from './update/update-file.ts';
export { loadReleaseKeys, releaseProblem } from './update/verify-release.ts';
export { checkCentreUrl } from './uplink/centre-url.ts';
export { createMqttUplink, type MqttUplinkOptions, type UplinkNote } from './uplink/mqtt-uplink.ts';
export { openDiskOutbox, outboxFileOf, type DiskOutbox, type DiskOutboxOptions } from './uplink/disk-outbox.ts';
export { type Outbox, type OutboxCounts } from './uplink/outbox.ts';
export { type Uplink, type UplinkStatus } from './uplink/uplink.ts';
