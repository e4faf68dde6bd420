import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { StoreError } from './store-error.ts';

/**
 * PGlite starts PostgreSQL with -F (fsync off), and its file layer (NODEFS) has no fsync operation, so a COMMIT reaches
 * the page cache only: kill -9 loses nothing, a power cut does. wal_sync_method must be fsync because the fdatasync of
 * this build does nothing.
 */
export const durableStartParams: readonly string[] = [
  ...PGlite.defaultStartParams.filter((param) => param !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
];

type FsyncStream = { readonly nfd: number };
type Mount = {
  readonly opts?: { readonly root?: string };
  readonly type: {
    readonly stream_ops: { fsync?: (stream: FsyncStream) => number };
    /** Turns a node error into the file layer's own, which PostgreSQL sees as errno. */
    tryFSOperation<T>(operation: () => T): T;
  };
};

export type FsyncCounter = { count: number };

/**
 * Gives the open database's file layer a real fsync and counts its calls.
 *
 * @throws StoreError `durability` when not exactly one mounted folder was found: then this is not the PGlite version
 * whose inside this reaches into.
 */
export function patchFsync(database: PGlite): FsyncCounter {
  // Private in the types; the mounts of Emscripten's FS hang below its root.
  const { FS } = database.Module as unknown as { FS: { root: { mount: { mounts: readonly Mount[] } } } };
  const mounts = FS.root.mount.mounts.filter(({ opts }) => typeof opts?.root === 'string');
  const [mount] = mounts;
  if (mounts.length !== 1 || mount === undefined || typeof mount.type.tryFSOperation !== 'function') {
    throw new StoreError(
      'durability',
      `embedded store: expected one mounted folder to give an fsync to, found ${mounts.length}; check the PGlite version`,
    );
  }
  const counter = { count: 0 };
  mount.type.stream_ops.fsync = ({ nfd }) => {
    mount.type.tryFSOperation(() => fsyncSync(nfd));
    counter.count += 1;
    return 0;
  };
  return counter;
}
