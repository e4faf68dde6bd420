import type { ReleaseManifest } from './release-manifest.ts';
import { compareVersions } from './version.ts';

/** What a terminal is and runs, as far as a release asks. */
export type TerminalFacts = {
  readonly deviceModel: string;
  readonly terminalVersion: string;
  /** Absent: nothing is sampled. */
  readonly sampleRateHz?: number;
  /** What of the release's kind runs now. */
  readonly running: { readonly name: string; readonly version: string; readonly sha256?: string };
};

export type FitRefusal = 'olderVersion' | 'sameVersion' | 'otherName' | 'requirementNotMet';

/** Models whose terminals take releases unless a manifest names others. */
export const defaultDeviceModels: readonly string[] = ['generic-terminal'];

export const deviceModelsOf = ({ requires }: Pick<ReleaseManifest, 'requires'>): readonly string[] =>
  requires.deviceModels ?? defaultDeviceModels;

/** `running` when it runs already; otherwise whether the terminal takes it, or why not. */
export function fitOf(
  manifest: ReleaseManifest,
  { deviceModel, terminalVersion, sampleRateHz, running }: TerminalFacts,
): 'fits' | 'running' | { readonly refused: FitRefusal; readonly detail: string } {
  const { requires, version, name, kind, sha256 } = manifest;
  if (name !== running.name) return refuse('otherName', `it is for ${kind} ${name}, here runs ${running.name}`);
  const models = deviceModelsOf(manifest);
  if (!models.includes(deviceModel))
    return refuse('requirementNotMet', `it is for ${models.join(', ')}, this is ${deviceModel}`);
  const { terminalVersionFrom: from, terminalVersionBelow: below, sampleRateHzFrom, sampleRateHzTo } = requires;
  if (from !== undefined && compareVersions(terminalVersion, from) < 0)
    return refuse('requirementNotMet', `terminal ${terminalVersion}, expected ${from} or newer`);
  if (below !== undefined && compareVersions(terminalVersion, below) >= 0)
    return refuse('requirementNotMet', `terminal ${terminalVersion}, expected older than ${below}`);
  const isRateAsked = sampleRateHzFrom !== undefined || sampleRateHzTo !== undefined;
  const isRateMet =
    sampleRateHz !== undefined &&
    sampleRateHz >= (sampleRateHzFrom ?? 0) &&
    sampleRateHz <= (sampleRateHzTo ?? Infinity);
  if (isRateAsked && !isRateMet)
    return refuse(
      'requirementNotMet',
      `sampled at ${sampleRateHz ?? 'no'} Hz, expected ${sampleRateHzFrom ?? 0} to ${sampleRateHzTo ?? 'any'}`,
    );
  const age = compareVersions(version, running.version);
  if (age === 0) {
    if (running.sha256 === undefined || running.sha256 === sha256) return 'running';
    return refuse('sameVersion', `${name} ${version} runs here with another content`);
  }
  if (age < 0 && manifest.rollBack !== true)
    return refuse('olderVersion', `${version} is older than ${running.version}, and is not marked as a roll-back`);
  return 'fits';
}

const refuse = (refused: FitRefusal, detail: string) => ({ refused, detail });
