import type { ImportReport, ImportSheet } from '@fengsui/protocol';

/** CSV texts with their heading, by sheet; docs/guides/import.md has the columns. */
export type FleetSheets = Readonly<Partial<Record<ImportSheet, string>>>;

/** Where devices are registered: over the API, or at the centre of this machine. */
export type Registrar = {
  hasVenue(id: string): Promise<boolean>;
  /** All of it, or nothing and the report says why. */
  import(sheets: FleetSheets): Promise<ImportReport>;
  /** A new secret for a device that is there. */
  renew(deviceId: string): Promise<string>;
};
