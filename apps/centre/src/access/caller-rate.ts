import type { AccessSettings } from './access-settings.ts';

/** What is counted apart: reading much shall not keep anybody from acting. */
export const rateKinds = ['read', 'write', 'export', 'stranger'] as const;
export type RateKind = (typeof rateKinds)[number];

type Bucket = { left: number; atMs: number };
type Generations = { young: Map<string, Bucket>; old: ReadonlyMap<string, Bucket> };

const noBuckets = (): Generations => ({ young: new Map(), old: new Map() });

const MINUTE_MS = 60_000;
/** Callers in memory per kind. Of more, those who asked longest ago begin anew. */
const KEPT = 10_000;

/**
 * How often one caller may ask. Each kind is a bucket of its own that holds a minute's worth and fills evenly: who asks
 * less than that is never refused, a burst neither. Strangers can push out strangers only: kinds are counted apart.
 */
export class CallerRate {
  readonly #perMinute: Readonly<Record<RateKind, number>>;
  readonly #nowMs: () => number;
  readonly #kept: number;
  readonly #buckets = new Map<RateKind, Generations>(rateKinds.map((kind) => [kind, noBuckets()]));
  readonly #refused = new Map<RateKind, number>(rateKinds.map((kind) => [kind, 0]));

  /** @param nowMs a clock that never goes back, in milliseconds. */
  constructor(settings: RateSettings, nowMs: () => number = () => performance.now(), kept = KEPT) {
    const { readsPerMinute, writesPerMinute, exportsPerMinute, strangersPerMinute } = settings;
    this.#perMinute = {
      read: readsPerMinute,
      write: writesPerMinute,
      export: exportsPerMinute,
      stranger: strangersPerMinute,
    };
    this.#nowMs = nowMs;
    this.#kept = kept;
  }

  /** Requests refused since the start. */
  get refused(): ReadonlyMap<RateKind, number> {
    return this.#refused;
  }

  /** Counts one request. Whole seconds until the next would be taken, or undefined when this one is. */
  retryAfterS(kind: RateKind, who: string): number | undefined {
    const most = this.#perMinute[kind];
    if (most === 0) return undefined;
    const buckets = this.#buckets.get(kind) as Generations;
    const nowMs = this.#nowMs();
    const bucket = this.#bucketOf(buckets, who) ?? { left: most, atMs: nowMs };
    bucket.left = Math.min(most, bucket.left + ((nowMs - bucket.atMs) * most) / MINUTE_MS);
    bucket.atMs = nowMs;
    buckets.young.set(who, bucket);
    if (bucket.left >= 1) {
      bucket.left--;
      return undefined;
    }
    this.#refused.set(kind, (this.#refused.get(kind) ?? 0) + 1);
    return Math.ceil(((1 - bucket.left) * MINUTE_MS) / most / 1000);
  }

  /**
   * Makes room in the young for him, too. Two generations instead of one map in the order of the last requests: what is
   * taken out of a map and put back stays in its chain, and the same caller again and again cost 30 µs a request.
   */
  #bucketOf(buckets: Generations, who: string): Bucket | undefined {
    const young = buckets.young.get(who);
    if (young !== undefined) return young;
    const old = buckets.old.get(who);
    if (buckets.young.size >= this.#kept / 2) {
      buckets.old = buckets.young;
      buckets.young = new Map();
    }
    return old;
  }
}

export type RateSettings = Pick<
  AccessSettings,
  'readsPerMinute' | 'writesPerMinute' | 'exportsPerMinute' | 'strangersPerMinute'
>;

/** What of an address is one stranger: of IPv6 the network, for a house gets 2⁶⁴ addresses in it. */
export function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => '0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
