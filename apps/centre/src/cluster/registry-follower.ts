import type { Log } from '../platform/log.ts';
import { Pause } from '../platform/pause.ts';
import type { RegistryChange } from '../registry/registry-change.ts';
import type { Registry } from '../registry/registry.ts';
import type { Store } from '../store/store.ts';
import type { ClusterBus } from './cluster-bus.ts';
import { clusterSubjects, readWord, type LeaderWord } from './cluster-words.ts';

export type RegistryFollowerOptions = {
  readonly bus: ClusterBus;
  readonly prefix: string;
  /** Filled, and changed, by this follower alone. */
  readonly registry: Registry;
  readonly store: Store;
  readonly log: Log;
  /** After they are in the registry; undefined: anything may have changed. */
  readonly onChanged: (changes: readonly RegistryChange[] | undefined) => void;
  readonly onBeat?: (beat: Extract<LeaderWord, { kind: 'beat' }>) => void;
  readonly firstBeatMs?: number;
  readonly retryMs?: number;
};

type Position = { readonly epoch: number; readonly changeNumber: number };

/** So long the first load waits for a word of the leader: without one it would load again when it comes. */
const FIRST_BEAT_MS = 3_000;
const RETRY_MS = 1_000;
/** Longer than a take-over. */
const SILENT_MS = 15_000;

/**
 * The registry as a process has it that applies nothing: loaded from the store, then changed by what the leader says it
 * has committed. Whatever does not follow on what is known (a word was lost, another leads) has it loaded again.
 */
export class RegistryFollower {
  readonly #options: RegistryFollowerOptions;
  /** What the registry is current with; undefined while that is not known. */
  #position: Position | undefined;
  #heard: Position | undefined;
  #heardAt = performance.now();
  /** Words that came while loading. */
  #kept: Extract<LeaderWord, { kind: 'changes' }>[] = [];
  #loading: Promise<void> | undefined;
  #loadTrouble: string | undefined;
  #onFirstWord: (() => void) | undefined;
  #stopping = false;
  readonly #pause = new Pause();

  constructor(options: RegistryFollowerOptions) {
    this.#options = options;
  }

  /** Resolves when the registry is loaded; tries until it is. */
  async start(): Promise<void> {
    const { bus, prefix, firstBeatMs = FIRST_BEAT_MS } = this.#options;
    const firstWord = new Promise<void>((resolve) => {
      this.#onFirstWord = resolve;
    });
    bus.subscribe(clusterSubjects(prefix).leader, (message) => {
      const word = readWord<LeaderWord>(message, ['beat', 'changes']);
      if (word !== undefined) this.#onWord(word);
    });
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([firstWord, new Promise((resolve) => (timer = setTimeout(resolve, firstBeatMs)))]);
    clearTimeout(timer);
    this.#load();
    while (this.#loading !== undefined) await this.#loading;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#pause.end();
    await this.#loading;
  }

  /** Why what is known may be old; undefined when all is well. */
  get trouble(): string | undefined {
    if (this.#loadTrouble !== undefined) return `the registry cannot be read: ${this.#loadTrouble}`;
    const silentMs = performance.now() - this.#heardAt;
    return silentMs > SILENT_MS ? `no word of a centre that leads for ${Math.round(silentMs / 1_000)} s` : undefined;
  }

  #onWord(word: LeaderWord): void {
    const { epoch, changeNumber } = word;
    // A predecessor that was paused wakes: what it says is over.
    if (this.#heard !== undefined && epoch < this.#heard.epoch) return;
    this.#heard = { epoch, changeNumber };
    this.#heardAt = performance.now();
    this.#onFirstWord?.();
    if (word.kind === 'beat') this.#options.onBeat?.(word);
    if (this.#loading !== undefined) {
      if (word.kind === 'changes') this.#kept.push(word);
      return;
    }
    // Before the first load.
    if (this.#position === undefined && this.#onFirstWord !== undefined) return;
    this.#follow(word);
  }

  #follow(word: LeaderWord): void {
    const known = this.#position;
    if (known === undefined || known.epoch !== word.epoch) return this.#load();
    if (word.changeNumber === known.changeNumber) return;
    if (word.kind === 'beat' || word.changeNumber !== known.changeNumber + 1 || word.changes === undefined)
      return this.#load();
    this.#apply(word.changes);
    this.#position = { epoch: word.epoch, changeNumber: word.changeNumber };
    this.#options.onChanged(word.changes);
  }

  #apply(changes: readonly RegistryChange[]): void {
    for (const change of changes) this.#options.registry.apply(change);
  }

  #load(): void {
    this.#onFirstWord = undefined;
    if (this.#loading !== undefined || this.#stopping) return;
    this.#loading = this.#loadOnce().finally(() => {
      this.#loading = undefined;
      // What came at last does not follow on what was loaded.
      const { epoch, changeNumber } = this.#heard ?? {};
      const known = this.#position;
      const isCurrent = known?.epoch === epoch && (known?.changeNumber ?? -1) >= (changeNumber ?? -1);
      if (!isCurrent) this.#load();
    });
  }

  async #loadOnce(): Promise<void> {
    const { registry, store, log, onChanged, retryMs = RETRY_MS } = this.#options;
    while (!this.#stopping) {
      // Committed before it was said: what is read from here on holds it.
      const from = this.#heard;
      this.#kept = [];
      try {
        await registry.load(store);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        if (this.#loadTrouble === undefined) log.error('the registry cannot be read; trying again', { reason });
        this.#loadTrouble = reason;
        await this.#pause.wait(retryMs);
        continue;
      }
      if (this.#loadTrouble !== undefined) log.info('the registry can be read again');
      this.#loadTrouble = undefined;
      this.#position = from;
      for (const word of this.#kept) {
        const known = this.#position;
        if (word.epoch !== known?.epoch || word.changeNumber <= known.changeNumber) continue;
        // What is missing here is seen by who looks at the position afterwards.
        if (word.changeNumber !== known.changeNumber + 1 || word.changes === undefined) break;
        this.#apply(word.changes);
        this.#position = { epoch: word.epoch, changeNumber: word.changeNumber };
      }
      this.#kept = [];
      onChanged(undefined);
      return;
    }
  }
}
