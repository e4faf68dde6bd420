import { look, type Finding } from './look.ts';
import { messageOf } from './message.ts';
import { follow, isUnsure, type Call } from './outage.ts';
import { delivered, due, enqueue, failed, type Delivery } from './post.ts';
import { readState, writeState, type WatchState } from './state-file.ts';
import type { Channel, WatchConfig } from './watch-config.ts';
import { callWebhook } from './webhook.ts';

export type WatchLog = (level: 'info' | 'warn' | 'error', words: string) => void;

/** What was seen is not sure yet: look again this soon. */
const UNSURE_PAUSE_MS = 5_000;
const TICK_MS = 1_000;

/** Looks at the centre again and again, and calls. It ends only when it is stopped. */
export class Watcher {
  readonly #config: WatchConfig;
  readonly #log: WatchLog;
  readonly #channels: ReadonlyMap<string, Channel>;
  #state: WatchState = { deliveries: [] };
  #stopping = false;
  #wake: (() => void) | undefined;
  #last: Finding['kind'] | undefined;
  readonly #posting = new Map<string, Promise<void>>();
  #keeping: Promise<void> = Promise.resolve();

  constructor(config: WatchConfig, log: WatchLog) {
    this.#config = config;
    this.#log = log;
    this.#channels = new Map(config.channels.map((channel) => [nameOf(channel), channel]));
  }

  /** Looks and calls until `stop`. */
  async run(): Promise<void> {
    await this.#begin();
    const { outage, deliveries } = this.#state;
    if (outage !== undefined || deliveries.length > 0)
      this.#log('info', `goes on: ${outage?.kind ?? 'well'}, ${deliveries.length} calls to be made`);
    let nextLookAt = 0;
    while (!this.#stopping) {
      if (performance.now() >= nextLookAt) {
        const startedAt = performance.now();
        await this.#look();
        const usualMs = this.#config.everyS * 1000;
        nextLookAt = startedAt + (isUnsure(this.#state) ? Math.min(UNSURE_PAUSE_MS, usualMs) : usualMs);
      }
      this.#post();
      await this.#pause(TICK_MS);
    }
    await Promise.all(this.#posting.values());
  }

  stop(): void {
    this.#stopping = true;
    this.#wake?.();
  }

  /** For a scheduler such as cron: looks (twice, when something is not sure), makes the calls that are due, once each. */
  async once(): Promise<Finding> {
    await this.#begin();
    let finding = await this.#look();
    if (isUnsure(this.#state)) {
      await this.#pause(UNSURE_PAUSE_MS);
      finding = await this.#look();
    }
    for (let more = true; more;) {
      const before = this.#state.deliveries.length;
      this.#post();
      await Promise.all(this.#posting.values());
      more = this.#state.deliveries.length > 0 && this.#state.deliveries.length < before;
    }
    return finding;
  }

  /** One test call over every channel. @returns what went wrong, by channel. */
  async test(): Promise<readonly { readonly channel: string; readonly error?: string }[]> {
    const at = Date.now();
    const call: Call = {
      id: `test/${at}`,
      kind: 'test',
      finding: 'well',
      since: at,
      at,
      reason: 'fengsui watch --test',
    };
    return Promise.all(
      [...this.#channels].map(async ([name, channel]) =>
        this.#send(channel, call).then(
          () => ({ channel: name }),
          (error: unknown) => ({ channel: name, error: wordsOf(error) }),
        ),
      ),
    );
  }

  async #begin(): Promise<void> {
    const state = await readState(this.#config.stateFile, (words) => this.#log('warn', words));
    // A channel that was taken out of the configuration gets nothing more.
    const deliveries = state.deliveries
      .filter(({ channel }) => this.#channels.has(channel))
      // Perhaps it was started anew because a channel was put right.
      .map((held) => ({ ...held, nextAt: 0 }));
    this.#state = { ...state, deliveries };
  }

  async #look(): Promise<Finding> {
    const finding = await look(this.#config);
    const now = Date.now();
    if (finding.kind !== this.#last)
      this.#log(finding.kind === 'well' ? 'info' : 'warn', `${finding.kind}: ${finding.reason}`);
    this.#last = finding.kind;
    const { state, calls } = follow(this.#state, finding, now, this.#config.remindMinutes * 60_000);
    let { deliveries } = this.#state;
    // The network is back: what waited for it goes at once.
    if (this.#state.outage?.kind === 'blind' && finding.kind !== 'blind')
      deliveries = deliveries.map((held) => ({ ...held, nextAt: now }));
    for (const call of calls) deliveries = enqueue(deliveries, [...this.#channels.keys()], call);
    const before = JSON.stringify(this.#state);
    this.#state = { ...state, deliveries };
    if (JSON.stringify(this.#state) !== before) await this.#keep();
    return finding;
  }

  /** Each channel by itself: one that hangs holds up no other. */
  #post(): void {
    for (const delivery of due(this.#state.deliveries, Date.now())) {
      if (this.#posting.has(delivery.channel)) continue;
      this.#posting.set(
        delivery.channel,
        this.#deliver(delivery).finally(() => {
          this.#posting.delete(delivery.channel);
          // The next one of this channel.
          this.#wake?.();
        }),
      );
    }
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const channel = this.#channels.get(delivery.channel);
    if (channel === undefined) return;
    try {
      await this.#send(channel, delivery.call);
      this.#state = { ...this.#state, deliveries: delivered(this.#state.deliveries, delivery) };
      this.#log('info', `called: ${delivery.channel} ${delivery.call.kind} ${delivery.call.finding}`);
    } catch (error) {
      this.#state = { ...this.#state, deliveries: failed(this.#state.deliveries, delivery, Date.now()) };
      this.#log('error', `not called, tried again: ${delivery.channel}: ${wordsOf(error)}`);
    }
    await this.#keep();
  }

  async #send(channel: Channel, call: Call): Promise<void> {
    const { name, centre, timeoutS } = this.#config;
    const message = messageOf(call, name, centre);
    if (channel.kind === 'webhook') return callWebhook(channel, message, Date.now(), timeoutS * 1000);
    // Loaded when it is needed: where no mail is configured it costs no memory.
    const { sendMail } = await import('./mail.ts');
    return sendMail(channel, message, call.id, timeoutS * 1000);
  }

  /** A disk that cannot be written must not keep anybody from being called. */
  async #keep(): Promise<void> {
    this.#keeping = this.#keeping.then(() =>
      writeState(this.#config.stateFile, this.#state).catch((error: unknown) =>
        this.#log('error', `${this.#config.stateFile} cannot be written: ${wordsOf(error)}`),
      ),
    );
    await this.#keeping;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}

/** Names a channel in the state file; no secret in it. */
function nameOf(channel: Channel): string {
  return channel.kind === 'webhook'
    ? `webhook ${channel.url.origin}${channel.url.pathname}`
    : `mail ${channel.host}:${channel.port} ${channel.to.join(',')}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
