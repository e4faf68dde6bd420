import { readFileSync } from 'node:fs';
import type { TimeStampAuthority } from './ask-time-stamp.ts';
import type { Collector } from './deliver-syslog.ts';
import { certificatesOf } from './time-stamp.ts';

/** How the audit is kept, and who outside of this centre vouches for it. */
export type AuditSettings = {
  readonly retentionDays: number;
  /** `tls://host:port`, `tcp://` or `udp://`. */
  readonly syslog: string | undefined;
  readonly syslogCa: string | undefined;
  readonly timestampUrl: string | undefined;
  readonly timestampCa: string | undefined;
};

/** The settings with the files they name read. */
export type AuditCareSettings = {
  readonly timeZone: string;
  readonly retentionDays: number;
  readonly collector?: Collector;
  readonly authority?: TimeStampAuthority;
  /** PEM; also where nothing is stamped any more, stamps of before are verified. */
  readonly stampCertificates?: string;
};

/** @throws Error that names the setting whose file cannot be used, or that is missing. */
export function auditCareSettings(settings: AuditSettings, timeZone: string): AuditCareSettings {
  const { retentionDays, syslog, syslogCa, timestampUrl, timestampCa } = settings;
  if (timestampUrl !== undefined && timestampCa === undefined)
    throw new Error('audit.timestampUrl needs audit.timestampCa: without its certificate nobody can verify a stamp');
  const ca = pemOf('audit.syslogCa', syslogCa);
  const certificates = pemOf('audit.timestampCa', timestampCa);
  return {
    timeZone,
    retentionDays,
    ...(syslog !== undefined && { collector: { url: new URL(syslog), ca } }),
    ...(timestampUrl !== undefined && certificates !== undefined && { authority: { url: timestampUrl, certificates } }),
    ...(certificates !== undefined && { stampCertificates: certificates }),
  };
}

function pemOf(setting: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    const pem = readFileSync(file, 'utf8');
    certificatesOf(pem);
    return pem;
  } catch (error) {
    throw new Error(`${setting} ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
