import type { DeviceSettings } from '@fengsui/protocol';
import { readJsonFile, writeWhole } from '../state/json-file.ts';

/** A configuration given from afar, with its version; version 0 is what the terminal was started with. */
export type Configuration = { readonly version: number; readonly settings: DeviceSettings };

/** What is in force, and what was before it. */
export type ConfigurationBook = {
  current(): Configuration;
  previous(): Configuration | undefined;
  /** @throws Error when it cannot be kept. */
  keep(next: Configuration): void;
  /** Whether it outlives a restart. */
  readonly isKept: boolean;
};

type Kept = { readonly current: Configuration; readonly previous?: Configuration };
const START: Configuration = { version: 0, settings: {} };

/** Without a file it ends with the process. @throws Error when the file is there and is something else. */
export function openConfigurationBook(file?: string): ConfigurationBook {
  let kept = file === undefined ? { current: START } : read(file);
  return {
    current: () => kept.current,
    previous: () => kept.previous,
    keep(next) {
      const now: Kept = { current: next, previous: kept.current };
      if (file !== undefined) writeWhole(file, JSON.stringify(now));
      kept = now;
    },
    isKept: file !== undefined,
  };
}

/** What was told goes over what was in force; a circuit that is not named keeps its rating. */
export function merged(before: DeviceSettings, told: DeviceSettings): DeviceSettings {
  const ratedA = { ...before.ratedA, ...told.ratedA };
  return { ...before, ...told, ...(Object.keys(ratedA).length > 0 && { ratedA }) };
}

function read(file: string): Kept {
  const document = readJsonFile(file);
  if (document === undefined) return { current: START };
  const kept: Partial<Kept> | null = document;
  if (typeof kept?.current?.version !== 'number' || typeof kept.current.settings !== 'object') {
    throw new Error(`${file}: expected the configuration of a terminal, {"current":{"version","settings"}}`);
  }
  return kept as Kept;
}

/** `d1.json` → `d1.config.json`. */
export function configurationFileOf(stateFile: string): string {
  return `${stateFile.replace(/\.json$/i, '')}.config.json`;
}
