import { createHash } from 'node:crypto';
import { constants, cpSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { exists } from './pglite-cluster.ts';
import { createPgliteStore } from './pglite-store.ts';

const CACHE = path.resolve(import.meta.dirname, '../../../../node_modules/.cache/fengsui');
const digest = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16);
const template = path.join(CACHE, `pglite-migrated-${digest}`);

/**
 * Puts an empty store with every migration where a first start would make one: a copy of one that was made so, which
 * takes a tenth of the time. What a first start itself does has its own tests.
 */
export async function layMigratedStore(storeFolder: string): Promise<void> {
  await makeMigratedStore();
  await mkdir(path.join(storeFolder, 'pglite'), { recursive: true, mode: 0o700 });
  const mode = constants.COPYFILE_FICLONE;
  cpSync(template, path.join(storeFolder, 'pglite/cluster'), { recursive: true, mode });
}

/** Kept beside the installed packages, by the contents of the migrations. */
export async function makeMigratedStore(): Promise<void> {
  if (await exists(template)) return;
  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(`${template}-`);
  try {
    const store = await createPgliteStore({ folder: scratch });
    try {
      await migrate(store, migrations);
    } finally {
      await store.close();
    }
    // Another process may have made the same meanwhile.
    await rename(path.join(scratch, 'pglite/cluster'), template).catch((error: unknown) =>
      exists(template).then((isThere) => {
        if (!isThere) throw error;
      }),
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
