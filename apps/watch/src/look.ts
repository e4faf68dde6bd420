import { connect } from 'node:net';
import { fetchJson } from './fetch-json.ts';
import type { OtherTarget, WatchConfig } from './watch-config.ts';

export const findingKinds = ['well', 'held', 'standing', 'down', 'blind'] as const;
/**
 * `well`; `held`: it answers, and says itself that it does not do all its work; `standing`: it answers, and no canary
 * alarm comes through; `down`: it does not answer; `blind`: neither it nor the other target can be reached from here.
 */
export type FindingKind = (typeof findingKinds)[number];

export type Finding = {
  readonly kind: FindingKind;
  /** For people. */
  readonly reason: string;
  /** What the centre says of its functions, where it says anything. */
  readonly functions?: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
};

type Readiness = {
  readonly status?: unknown;
  readonly troubles?: unknown;
  readonly canary?: { readonly ageS?: unknown };
  readonly functions?: unknown;
};

/** Asks the centre as anybody may: does it answer, is it ready, and how old is its last canary? */
export async function look(
  config: Pick<WatchConfig, 'centre' | 'ca' | 'timeoutS' | 'canaryAgeS' | 'otherTarget'>,
): Promise<Finding> {
  const { centre, ca, timeoutS } = config;
  const timeoutMs = timeoutS * 1000;
  const call = { timeoutMs, ...(ca !== undefined && { ca }) };
  // At once: a centre that hangs shall not cost two time-outs.
  const [health, readiness] = await Promise.allSettled([
    fetchJson(new URL('/healthz', centre), call),
    fetchJson(new URL('/readyz', centre), call),
  ]);
  const failed = health.status === 'rejected' ? health : readiness.status === 'rejected' ? readiness : undefined;
  if (failed !== undefined) return unreachable(config, failed.reason);
  if (health.status !== 'fulfilled' || readiness.status !== 'fulfilled') throw new Error('unreachable');
  if (health.value.status !== 200)
    return { kind: 'down', reason: `/healthz answers ${health.value.status}, expected 200` };
  return judgeReadiness(readiness.value.status, readiness.value.body, config.canaryAgeS);
}

/** @param canaryAgeS what the age of the last canary may be. */
export function judgeReadiness(status: number, body: unknown, canaryAgeS: number): Finding {
  const readiness = (typeof body === 'object' && body !== null ? body : {}) as Readiness;
  const functions = functionsOf(readiness.functions);
  const said = functions.length > 0 ? { functions } : {};
  // A second centre beside the first: it is alive, and has nothing to do.
  if (readiness.status === 'standby') return { kind: 'well', reason: 'the centre answers and stands by' };
  if (readiness.status !== 'ready' && readiness.status !== 'notReady')
    return { kind: 'down', reason: `/readyz answers ${status} and not as a centre does: is something else there?` };
  const ageS = readiness.canary?.ageS;
  if (typeof ageS === 'number' && ageS > canaryAgeS) {
    const reason = `no canary alarm has come through for ${Math.round(ageS)} s: alarms may not reach the desk`;
    return { kind: 'standing', reason: [reason, ...troublesOf(readiness)].join('; '), ...said };
  }
  if (status !== 200 || readiness.status !== 'ready')
    return { kind: 'held', reason: troublesOf(readiness).join('; ') || `/readyz answers ${status}`, ...said };
  return { kind: 'well', reason: 'the centre answers and is ready', ...said };
}

const troublesOf = ({ troubles }: Readiness): readonly string[] =>
  Array.isArray(troubles) ? troubles.filter((trouble) => typeof trouble === 'string') : [];

function functionsOf(given: unknown): NonNullable<Finding['functions']> {
  if (!Array.isArray(given)) return [];
  return given.flatMap((entry: unknown) => {
    const { name, state, reason } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string' || typeof state !== 'string') return [];
    return [{ name, state, ...(typeof reason === 'string' && { reason }) }];
  });
}

async function unreachable(
  { otherTarget, timeoutS }: Pick<WatchConfig, 'otherTarget' | 'timeoutS'>,
  error: unknown,
): Promise<Finding> {
  const why = error instanceof Error ? error.message || nameOf(error) : String(error);
  if (otherTarget === undefined)
    return { kind: 'down', reason: `${why} (no otherTarget: the network of the watcher itself may be down)` };
  const { host, port } = otherTarget;
  if (await isReachable(otherTarget, timeoutS * 1000))
    return { kind: 'down', reason: `${why}; ${host}:${port} is reached from here` };
  return { kind: 'blind', reason: `${why}; nor is ${host}:${port} reached: the network of the watcher may be down` };
}

/** Errors of several addresses at once have no message of their own. */
const nameOf = (error: Error): string => ('code' in error ? String(error.code) : error.name);

function isReachable({ host, port }: OtherTarget, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (isThere: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isThere);
    };
    const timer = setTimeout(() => settle(false), timeoutMs);
    socket.on('connect', () => settle(true));
    // A refusal comes from the host itself: it is reached.
    socket.on('error', (error) => settle('code' in error && error.code === 'ECONNREFUSED'));
  });
}
