import { hash } from 'node:crypto';
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
    throw new Error(
      `${file}: ${error instanceof Error ? error.message : String(error)}; expected a terminal's state (${FORMAT})`,
      {
        cause: error,
      },
    );
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
      await writeFile(draft, textOf(state), { flush: true });
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

/**
 * The file says in which form it was written and carries a digest of the state: what passes is what this program wrote.
 * Every engine would else have to check each field of its own memory.
 */
const FORMAT = 'fengsui.terminal-state/2';

function textOf(state: TerminalState): string {
  const text = JSON.stringify(state);
  return JSON.stringify({ format: FORMAT, sha256: hash('sha256', text), state });
}

function stateOf(value: unknown): TerminalState {
  if (typeof value !== 'object' || value === null || !('format' in value)) throw new Error('no format is named');
  if (value.format !== FORMAT) throw new Error(`the format is ${String(value.format)}`);
  if (!('state' in value) || !('sha256' in value)) throw new Error('state or sha256 is missing');
  if (hash('sha256', JSON.stringify(value.state)) !== value.sha256) throw new Error('the digest is another');
  return value.state as TerminalState;
}
