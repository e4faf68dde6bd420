import { existsSync } from 'node:fs';
import { createUpdateDesk, loadReleaseKeys, SoftwareShelf, updateFileOf, type UpdateDesk } from '@fengsui/terminal';
import { UsageError } from '../command.ts';
import { version } from '../version.ts';
import { releaseKeysFileOf } from './enrol.ts';
import type { TerminalCall } from './terminal-call.ts';

/** Releases this terminal may take; undefined without pinned release keys: nothing is updated from afar. */
export function updatesOf(
  call: TerminalCall,
  given: {
    readonly secret: string | undefined;
    readonly ca: string | undefined;
    readonly say: (words: string) => void;
    readonly restart: () => void;
  },
): UpdateDesk | undefined {
  const beside = call.secretFile === undefined ? undefined : releaseKeysFileOf(call.secretFile);
  const keysFile = call.releaseKeys ?? (beside !== undefined && existsSync(beside) ? beside : undefined);
  if (keysFile === undefined) {
    if (call.software !== undefined) throw new UsageError('--software needs --release-keys');
    return undefined;
  }
  if (call.state === undefined) {
    if (call.releaseKeys !== undefined) throw new UsageError('--release-keys needs --state');
    return undefined;
  }
  const { secret, ca, say, restart } = given;
  const { web, device: deviceId } = call;
  return createUpdateDesk({
    file: updateFileOf(call.state),
    keys: loadReleaseKeys(keysFile),
    deviceModel: 'generic-terminal',
    terminalVersion: version,
    restart,
    say,
    now: Date.now,
    ...(web !== undefined &&
      secret !== undefined && { fetch: { base: web, deviceId, secret, ...(ca !== undefined && { ca }) } }),
    ...(call.software !== undefined && { software: new SoftwareShelf(call.software) }),
    ...(call.probationMs !== undefined && { probationMs: call.probationMs }),
  });
}
