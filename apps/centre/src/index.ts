export { Administration, AdministrationError, type LabelOrder, type NewDevice } from './administration.ts';
export { auditCareSettings } from './audit/audit-settings.ts';
export { openCallOutDoors } from './call-out/call-out-doors.ts';
export { fireChannelOf } from './fire-command/fire-command-settings.ts';
export type { AuditRow } from './audit/audit-row.ts';
export { addWaiting, waitingFileIn } from './audit/waiting-file.ts';
export { backupAct } from './backup/backup-act.ts';
export type { AuditFilter } from './audit/read-audit.ts';
export type { AuditFindings } from './audit/audit-inspection.ts';
export { BackupDesk, type BackupState } from './backup/backup-desk.ts';
export { BackupFault } from './backup/backup-fault.ts';
export { BackupError } from './backup/backup-format.ts';
export { backupName } from './backup/backup-name.ts';
export { BackupSchedule } from './backup/backup-schedule.ts';
export { backupBeforeMigration } from './backup/before-migration.ts';
export type { CheckedBackup } from './backup/check-archive.ts';
export { createBackup, type BackupOrder, type BackupResult } from './backup/create-backup.ts';
export { noteLastBackup, readLastBackup, type LastBackup } from './backup/last-backup.ts';
export { openBackupStore } from './backup/open-backup-store.ts';
export { restoreBackup, type Restored } from './backup/restore-backup.ts';
export { verifyBackup, verifyDeep, type OpenedBackup } from './backup/verify-backup.ts';
export { openClusterBus, type ClusterBus } from './cluster/cluster-bus.ts';
export { SeatServer } from './cluster/seat-server.ts';
export { ShareWorker } from './cluster/share-worker.ts';
export { Gateway, type GatewayOptions } from './cluster/gateway.ts';
export { openStandbyDoor, type StandbyDoorOptions } from './cluster/standby-door.ts';
export { Centre, type CentreOptions } from './centre.ts';
export { callControlSocket, openControlSocket } from './control-socket.ts';
export { openCore, type Core, type CoreOptions } from './core.ts';
export { createSecret, hashSecret } from './intake/device-secret.ts';
export { systemClock, type Clock } from './platform/clock.ts';
export { FolderLockError, lockFolder } from './platform/folder-lock.ts';
export { SteadyClock } from './platform/steady-clock.ts';
export {
  ConfigError,
  environmentName,
  loadConfig,
  settings,
  type Config,
  type LoadedConfig,
  type SettingKey,
} from './platform/config.ts';
export {
  DataFolderError,
  markInitialised,
  openDataFolder,
  storePlaceOf,
  type DataFolder,
} from './platform/data-folder.ts';
export type { Label } from './paper/label.ts';
export { defaultGrid, defaultLabelMm, labelSheet } from './paper/label-sheet.ts';
export { writeLabels } from './paper/write-labels.ts';
export { DiskWatch } from './platform/disk-watch.ts';
export { ListenError } from './platform/listen.ts';
export { createLog, type Log } from './platform/log.ts';
export { nearestWord } from './platform/nearest-word.ts';
export { writeCsv } from './registry/workbook/csv.ts';
export type { Sheet } from './registry/workbook/sheet.ts';
export { writeXlsx } from './registry/workbook/write-xlsx.ts';
export { readDeviceModel } from './registry/device-model.ts';
export { openReleases, type Releases } from './rollout/releases.ts';
export type { DeviceRecord, RegistryChange } from './registry/registry-change.ts';
export type { DeviceTest } from './registry/registry-desk.ts';
export type { Replacement } from './registry/replace-device.ts';
export type { RelayTarget } from './registry/relay-targets.ts';
