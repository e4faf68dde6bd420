import type { Journal } from '../../journal/journal.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { kindOf, type BrokerAccess, type ForeignSource } from '../../registry/foreign-sources.ts';
import type { Registry } from '../../registry/registry.ts';
import { sameJson } from '../../registry/same-json.ts';
import { BrokerLink, type LinkChange } from './broker-link.ts';
import { inboxEntry } from './foreign-journal.ts';
import type { ForeignReception } from './foreign-reception.ts';

type BrokerSource = ForeignSource & { readonly broker: BrokerAccess };

export type BrokerLinksOptions = {
  readonly journal: Journal;
  readonly registry: Registry;
  readonly reception: ForeignReception;
  readonly clock: Clock;
  readonly log: Log;
};

/** One connection per outside broker that is registered and not revoked; how each stands is journalled. */
export class BrokerLinks {
  readonly #options: BrokerLinksOptions;
  readonly #links = new Map<string, { readonly source: BrokerSource; readonly link: BrokerLink }>();
  /** Changes come one after the other: a link is closed before its successor opens with the same client id. */
  #turn: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(options: BrokerLinksOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    for (const source of this.#options.registry.foreign.all()) this.recheck(source.id);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    await this.#turn;
    await Promise.all([...this.#links.values()].map(({ link }) => link.stop()));
    this.#links.clear();
  }

  /** The source was changed. */
  recheck(sourceId: string): void {
    this.#turn = this.#turn
      .then(() => this.#recheck(sourceId))
      .catch((error: unknown) => {
        const words = error instanceof Error ? error.message : String(error);
        this.#options.log.error('connection to a broker not changed', { sourceId, error: words });
      });
  }

  async #recheck(sourceId: string): Promise<void> {
    if (!this.#isRunning) return;
    const source = this.#options.registry.foreign.source(sourceId);
    const known = this.#links.get(sourceId);
    const wanted = source !== undefined && isBroker(source) && source.revokedAt === undefined ? source : undefined;
    if (known !== undefined && wanted !== undefined && isSameLink(known.source, wanted)) return;
    if (known !== undefined) {
      this.#links.delete(sourceId);
      await known.link.stop();
    }
    if (wanted === undefined) {
      // Also of one that was revoked while the centre was stopped.
      if (known !== undefined || (source !== undefined && isBroker(source)))
        this.#journal(sourceId, { state: 'ended' });
      return;
    }
    const { reception, clock, log } = this.#options;
    const onChange = (change: LinkChange): void => this.#journal(sourceId, change);
    const link = new BrokerLink({ source: wanted, reception, clock, log, onChange });
    this.#links.set(sourceId, { source: wanted, link });
    link.start();
  }

  #journal(sourceId: string, change: LinkChange | { readonly state: 'ended' }): void {
    const { journal, clock, log } = this.#options;
    const at = clock.now();
    log.info(`broker ${change.state}`, { sourceId, ...('error' in change && { error: change.error }) });
    const entry = inboxEntry({ kind: 'link', sourceId, ...change }, at, at);
    // Nobody waits for it; while the journal is closing there is nobody left to tell.
    journal.append('alarm', [entry]).catch(() => undefined);
  }
}

const isBroker = (source: ForeignSource): source is BrokerSource =>
  kindOf(source) === 'mqttBroker' && source.broker !== undefined;

const isSameLink = (one: BrokerSource, other: BrokerSource): boolean =>
  sameJson([one.broker, one.topics], [other.broker, other.topics]);
