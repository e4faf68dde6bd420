import { verify } from 'node:crypto';
import {
  commandBytes,
  commandLifetimeMs,
  decodeCommand,
  encodeReply,
  isWireId,
  readOrder,
  type CommandMessage,
  type CommandOrder,
} from '@fengsui/protocol';
import type { CentreClock } from './centre-clock.ts';
import type { NonceBook } from './nonce-book.ts';
import type { PinnedKeys } from './pinned-keys.ts';

/** What became of an order: read back, or why nothing was done. */
export type Obeyed =
  { readonly ok: boolean; readonly result: unknown } | { readonly refused: string; readonly detail: string };

/** Why a command is not obeyed. Stable: docs/reference/commands.md lists them. */
export type GateRefusal =
  | 'malformed'
  | 'otherDevice'
  | 'unknownKey'
  | 'badSignature'
  | 'clockUnknown'
  | 'expired'
  | 'notYetValid'
  | 'lifetimeTooLong'
  | 'replayed'
  | 'notKept'
  | 'unknownCommand';

export type CommandGateSettings = {
  readonly deviceId: string;
  readonly keys: PinnedKeys;
  readonly clock: CentreClock;
  readonly nonces: NonceBook;
  /** Does what is ordered; may reject. */
  readonly obey: (order: CommandOrder) => Promise<Obeyed> | Obeyed;
  /** Own wall clock for the reply, epoch ms. */
  readonly now: () => number;
  /** Told of every command, for the log. */
  readonly onCommand?: (told: { readonly name: string; readonly id: string; readonly outcome: string }) => void;
};

export type CommandGate = {
  /** The reply to a message on the command topic; undefined when it does not even have an id to reply to. */
  answer(payload: Uint8Array): Promise<Uint8Array | undefined>;
};

/** The centre's clock reaches us a little late: a command may be this far ahead of what we think it is. */
const CLOCK_SLACK_MS = 5_000;
/** Nothing a terminal does takes longer; after it the centre is told that it failed. */
const OBEY_TIMEOUT_MS = 20_000;

/**
 * Stands between the command topic and the terminal. A command passes when it is whole, for this device, signed by a
 * pinned key, alive by the centre's clock, and new; its id is on disk before anything is done. One after the other, so
 * that the reply to a repetition never overtakes the reply to the command itself.
 */
export function createCommandGate(settings: CommandGateSettings): CommandGate {
  const { deviceId, keys, clock, nonces, obey } = settings;
  let last: Promise<unknown> = Promise.resolve();

  function refusalOf(command: CommandMessage): readonly [GateRefusal, string] | undefined {
    const { signature, ...unsigned } = command;
    if (command.deviceId !== deviceId) return ['otherDevice', `it is for ${command.deviceId}`];
    const key = keys.get(command.keyId);
    if (key === undefined) return ['unknownKey', `no key ${command.keyId} is pinned`];
    const bytes = Buffer.from(signature, 'base64url');
    // Only the one spelling: else two texts would stand for one signature.
    const isOne = bytes.toString('base64url') === signature;
    if (!isOne || !isVerified(unsigned, key, bytes)) return ['badSignature', 'the signature is not that of the key'];
    const { issuedAt, expiresAt } = command;
    const now = clock.now();
    if (now === undefined) return ['clockUnknown', 'the clock of the centre was not heard yet'];
    if (expiresAt - issuedAt > commandLifetimeMs || expiresAt < issuedAt) {
      return ['lifetimeTooLong', `it lives ${expiresAt - issuedAt} ms, at most ${commandLifetimeMs} expected`];
    }
    if (now >= expiresAt) return ['expired', `it expired ${Math.round(now - expiresAt)} ms ago`];
    if (issuedAt > now + CLOCK_SLACK_MS) return ['notYetValid', `it was issued ${Math.round(issuedAt - now)} ms ahead`];
    if (nonces.isReplay(command)) return ['replayed', 'it was taken before'];
    return undefined;
  }

  async function judged(command: CommandMessage): Promise<Obeyed> {
    const refusal = refusalOf(command);
    if (refusal !== undefined) return { refused: refusal[0], detail: refusal[1] };
    try {
      nonces.take(command.id, command.expiresAt, clock.now() ?? 0);
    } catch (error) {
      return { refused: 'notKept', detail: `its id cannot be kept: ${wordsOf(error)}` };
    }
    const order = readOrder(command.name, command.args);
    if ('problem' in order) return { refused: 'unknownCommand', detail: order.problem };
    try {
      return await withTimeout(Promise.resolve(obey(order)));
    } catch (error) {
      return { ok: false, result: { error: wordsOf(error) } };
    }
  }

  async function answer(payload: Uint8Array): Promise<Uint8Array | undefined> {
    const decoded = decodeCommand(payload);
    if (decoded.kind === 'discarded') {
      const id = idIn(payload);
      if (id === undefined) return undefined;
      return replyOf(id, '', { refused: 'malformed', detail: decoded.detail });
    }
    const { id, name } = decoded.command;
    return replyOf(id, name, await judged(decoded.command));
  }

  function replyOf(id: string, name: string, obeyed: Obeyed): Uint8Array {
    const isRefused = 'refused' in obeyed;
    const outcome = isRefused ? `${obeyed.refused}: ${obeyed.detail}` : obeyed.ok ? 'done' : 'failed';
    settings.onCommand?.({ name, id, outcome });
    const said = isRefused ? { ok: false, result: { ...obeyed } } : { ok: obeyed.ok, result: obeyed.result };
    return encodeReply({ id, ...said, at: settings.now() });
  }

  return {
    answer(payload) {
      const answered = last.then(() => answer(payload));
      last = answered.catch(() => undefined);
      return answered;
    },
  };
}

function isVerified(
  unsigned: Omit<CommandMessage, 'signature'>,
  key: Parameters<typeof verify>[2],
  signature: Uint8Array,
): boolean {
  try {
    return verify(null, commandBytes(unsigned), key, signature);
  } catch {
    // An argument without a canonical form cannot have been signed.
    return false;
  }
}

/** A command that is not whole is refused by name where it has one. */
function idIn(payload: Uint8Array): string | undefined {
  try {
    const { id } = JSON.parse(Buffer.from(payload).toString('utf8')) as { readonly id?: unknown };
    return isWireId(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

async function withTimeout(work: Promise<Obeyed>): Promise<Obeyed> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${OBEY_TIMEOUT_MS / 1000} s`)), OBEY_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
