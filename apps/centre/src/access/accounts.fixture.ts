import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before } from 'node:test';
import { layMigratedStore } from '../store/migrated-store.fixture.ts';
import { createPgliteStore } from '../store/pglite-store.ts';
import type { Store } from '../store/store.ts';
import { defaultAccess, type AccessSettings } from './access-settings.ts';
import { Accounts } from './accounts.ts';
import type { Credentials } from './credentials.ts';
import type { OpenedLogIn } from './log-ins.ts';
import type { Refusal } from './refusal.ts';

export const T0 = 1_763_700_000_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const PASSWORD = 'a quiet beacon 7';
export const NEXT = 'another calm beacon 8';

/** As the key folder has it over restarts. */
const SEAL_KEY = Buffer.alloc(32, 7);

type Start = { readonly isDemo?: boolean; readonly keep?: boolean } & Partial<AccessSettings>;

/** A store for the tests of one file, and accounts as after a start of the centre at `T0` on it. */
export function accountsFixture() {
  let folder = '';
  let made: Store | undefined;
  const make = async (): Promise<void> => {
    folder = await mkdtemp(path.join(tmpdir(), 'fengsui-accounts-'));
    await layMigratedStore(path.join(folder, 'store'));
    made = await createPgliteStore({ folder: path.join(folder, 'store') });
  };
  // A hook of the file may ask for it before this one is done.
  let making: Promise<void> | undefined;
  const opened = (): Promise<void> => (making ??= make());
  before(opened);
  after(async () => {
    await made?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const storeOf = (): Store => {
    if (made === undefined) throw new Error('the store opens before the tests');
    return made;
  };

  /** @param start with `keep` on what is stored, else on an empty store. */
  const open = async ({ isDemo = false, keep = false, ...settings }: Start = {}) => {
    await opened();
    const store = storeOf();
    if (!keep) {
      const tables = ['account', 'login', 'api_token', 'founder_link'];
      await store.commit(tables.map((table) => ({ kind: 'sql', sql: `delete from ${table}` })));
    }
    const clock = { at: T0, now: () => clock.at };
    const accounts = new Accounts(store, clock, isDemo, { ...defaultAccess, ...settings }, SEAL_KEY);
    await accounts.load();
    return { accounts, clock };
  };
  return { open, store: storeOf };
}

/** Undefined when it was refused, or a code is asked for. */
export async function logIn(
  accounts: Accounts,
  ...given: Parameters<Credentials['logIn']>
): Promise<OpenedLogIn | undefined> {
  const outcome = await accounts.credentials.logIn(...given);
  return outcome === 'codeNeeded' ? undefined : outcome;
}

export const refusalOf = (outcome: object | undefined): string =>
  outcome !== undefined && 'refused' in outcome ? (outcome as Refusal).refused.code : 'done';
