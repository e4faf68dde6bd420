import type { Mapping } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';
import { isInScope, type Scope } from './scope.ts';

/** A foreign platform that pushes messages to us. Its secret signs them: it is kept as it is, never logged or listed. */
export type ForeignSource = {
  readonly id: string;
  readonly secret: string;
  /** The venues whose devices it may speak for; absent = all. */
  readonly venueIds?: readonly string[];
  readonly createdAt: number;
  /** From then on nothing is taken from it. */
  readonly revokedAt?: number;
};

/** One version of how a source's messages are read. */
export type KeptMapping = {
  readonly sourceId: string;
  /** Rises by one with every change. */
  readonly version: number;
  readonly mapping: Mapping;
  readonly putAt: number;
  readonly putBy: string;
};

/** Foreign sources and the newest mapping of each; a part of the registry. */
export class ForeignSources {
  readonly #sources = new Map<string, ForeignSource>();
  readonly #mappings = new Map<string, KeptMapping>();

  async load(store: Store): Promise<void> {
    for (const { doc } of await store.query('select doc from foreign_source')) this.putSource(doc as ForeignSource);
    for (const { doc } of await store.query('select doc from foreign_mapping order by source_id, version'))
      this.putMapping(doc as KeptMapping);
  }

  putSource(source: ForeignSource): void {
    this.#sources.set(source.id, source);
  }

  putMapping(kept: KeptMapping): void {
    const known = this.#mappings.get(kept.sourceId);
    if (known === undefined || kept.version > known.version) this.#mappings.set(kept.sourceId, kept);
  }

  /** For the door, which authenticates it. */
  source(id: string): ForeignSource | undefined {
    return this.#sources.get(id);
  }

  mapping(sourceId: string): KeptMapping | undefined {
    return this.#mappings.get(sourceId);
  }

  /** Sources whose every venue is the caller's: their messages are not sorted by venue before they are mapped. */
  sources(scope: Scope): readonly ForeignSource[] {
    return [...this.#sources.values()].filter((source) => isSourceInScope(scope, source));
  }
}

export const isSourceInScope = (scope: Scope, { venueIds }: Pick<ForeignSource, 'venueIds'>): boolean =>
  scope.venues === 'all' || (venueIds !== undefined && venueIds.every((id) => isInScope(scope, id)));
