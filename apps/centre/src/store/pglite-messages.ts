import type { StoreErrorCode } from './store-error.ts';

/** One statement of a request: parameters in text form, or the bytes of a binary COPY. */
export type WireStep =
  | { readonly sql: string; readonly params: readonly (string | null)[] }
  | { readonly sql: string; readonly copy: Uint8Array<ArrayBuffer> };

export type WorkerRequest =
  | { readonly id: number; readonly kind: 'query'; readonly step: WireStep }
  | { readonly id: number; readonly kind: 'commit'; readonly steps: readonly WireStep[] }
  | { readonly id: number; readonly kind: 'fsyncCount' }
  | { readonly id: number; readonly kind: 'copyBegin' }
  | { readonly id: number; readonly kind: 'copyLastWal' }
  | { readonly id: number; readonly kind: 'copyEnd' }
  | { readonly id: number; readonly kind: 'close' };

/** An error as it crosses the thread: class instances lose their class on the way. */
export type WireError = {
  readonly message: string;
  readonly code?: StoreErrorCode;
  readonly sqlState?: string;
  readonly detail?: string;
};

/**
 * `ready` or `failed` once after the start; then one `done` or `refused` per request. `failed` later means that the
 * engine itself broke (PANIC): the worker ends and nothing it was asked meanwhile has happened for certain.
 */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly line: string }
  | { readonly kind: 'failed'; readonly error: WireError }
  | { readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly error: WireError };

export type WorkerStart = { readonly clusterFolder: string; readonly task: 'create' | 'serve' };
