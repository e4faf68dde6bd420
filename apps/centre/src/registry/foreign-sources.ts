import type { AnyMapping, PushScheme, SourceKind } from '@fengsui/protocol';
import type { Store } from '../store/store.ts';
import { isInScope, type Scope } from '../access/scope.ts';

/** An outside broker we are a client of. `password` is never listed, logged or exported. */
export type BrokerAccess = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  /** Fixed: the broker keeps for it what came while we were away. */
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of the authority that signed the broker's certificate; absent = those of the system. */
  readonly ca?: string;
};

/** A foreign platform whose messages we take. Its secrets are kept as they are, never logged or listed. */
export type ForeignSource = {
  readonly id: string;
  /** Absent = httpPush. */
  readonly kind?: SourceKind;
  readonly name?: string;
  /** Signs pushes, or opens our MQTT door; without use for an outside broker. */
  readonly secret: string;
  /** How its pushes are signed; absent = our own way. */
  readonly scheme?: PushScheme;
  /** Filters of the topics it may send on, or that we subscribe to. */
  readonly topics?: readonly string[];
  readonly broker?: BrokerAccess;
  /** A broker that is away for longer is a fault. */
  readonly awayFaultMs?: number;
  /** The venues whose devices it may speak for; absent = all. */
  readonly venueIds?: readonly string[];
  readonly createdAt: number;
  readonly createdBy?: string;
  readonly changedAt?: number;
  readonly changedBy?: string;
  /** From then on nothing is taken from it. */
  readonly revokedAt?: number;
};

export const kindOf = ({ kind = 'httpPush' }: Pick<ForeignSource, 'kind'>): SourceKind => kind;

/** One version of how a source's messages are read. */
export type KeptMapping = {
  readonly sourceId: string;
  /** Rises by one with every change. */
  readonly version: number;
  readonly mapping: AnyMapping;
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

  all(): IterableIterator<ForeignSource> {
    return this.#sources.values();
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
