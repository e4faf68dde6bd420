import type { X509Certificate } from 'node:crypto';
import { parseCertificateName, type CertificateName } from './certificate-name.ts';

/** A certificate with less than this ahead is renewed, and warned of. */
export const RENEWAL_MS = 30 * 86_400_000;

export const endsSoon = ({ validToDate }: X509Certificate, now: Date): boolean =>
  validToDate.getTime() - now.getTime() < RENEWAL_MS;

/** The names in a certificate's subjectAltName. */
export function namesOf({ subjectAltName }: X509Certificate): CertificateName[] {
  const entries = subjectAltName?.split(', ') ?? [];
  return entries.flatMap((entry) => parseCertificateName(entry.replace(/^(DNS|IP Address):/, '')) ?? []);
}

export const dateOf = (date: Date): string => date.toISOString().slice(0, 10);
