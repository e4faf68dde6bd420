import { readFile, rename, writeFile } from 'node:fs/promises';
import type { TerminalState } from './terminal-state.ts';

/** The state of one terminal in a file of its own. */
export type StateFile = {
  /** Writes it whole or not at all; of several that wait, only the newest. */
  save(state: TerminalState): void;
  /** Resolves when everything saved is written. @throws Error of the last write that failed. */
  settled(): Promise<void>;
};

/** @returns undefined when there is no file yet. @throws Error when the file holds something else. */
export async function loadState(file: string): Promise<TerminalState | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return stateOf(JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}; expected a terminal's state`, {
      cause: error,
    });
  }
}

export function createStateFile(file: string): StateFile {
  let waiting: TerminalState | undefined;
  let writing = Promise.resolve();
  let failure: unknown;

  async function writeNewest(): Promise<void> {
    const state = waiting;
    if (state === undefined) return;
    waiting = undefined;
    try {
      const draft = `${file}.part`;
      await writeFile(draft, JSON.stringify(state), { flush: true });
      await rename(draft, file);
      failure = undefined;
    } catch (error) {
      failure = error;
    }
  }

  return {
    save(state) {
      waiting = state;
      writing = writing.then(writeNewest);
    },
    async settled() {
      await writing;
      if (failure !== undefined) throw new Error(`${file}: the state was not kept`, { cause: failure });
    },
  };
}

function stateOf(value: unknown): TerminalState {
  if (!isRecord(value)) throw new Error('not an object');
  const { energyKwh, hazards } = value;
  if (!isRecord(energyKwh) || !Object.values(energyKwh).every((kwh) => typeof kwh === 'number' && kwh >= 0)) {
    throw new Error('energyKwh is not an object of numbers from 0');
  }
  if (!isRecord(hazards)) throw new Error('hazards is not an object');
  const { exceeded, active } = hazards;
  if (!Array.isArray(exceeded) || !exceeded.every((entry) => hasAll(entry, exceededFields))) {
    throw new Error('hazards.exceeded is not a list of exceeded limits');
  }
  if (!Array.isArray(active) || !active.every((entry) => hasAll(entry, activeFields))) {
    throw new Error('hazards.active is not a list of hazards');
  }
  // Every field was looked at above.
  return value as TerminalState;
}

const exceededFields = { pointId: 'string', ruleId: 'string', value: 'number' } as const;
const activeFields = {
  kind: 'string',
  point: 'string',
  pointId: 'string',
  active: 'boolean',
  level: 'string',
  at: 'number',
  value: 'number',
  limit: 'number',
} as const;

function hasAll(value: unknown, fields: Readonly<Record<string, string>>): boolean {
  return isRecord(value) && Object.entries(fields).every(([field, type]) => typeof value[field] === type);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
