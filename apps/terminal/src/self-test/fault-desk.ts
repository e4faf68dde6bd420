import type { EventMessage } from '@fengsui/protocol';
import { createFaultBook, type FaultReason } from '../fieldbus/fault-book.ts';
import { faultMessage } from '../report/fault-message.ts';
import { hasPassed, type Checks } from './checks.ts';
import { LATEST_AFTER_MS, type SelfTestRecord } from './self-test-schedule.ts';

type Message = Omit<EventMessage, 'epoch' | 'seq' | 'at'>;

/** Tells the centre what of the terminal itself cannot be relied on. */
export type FaultDesk = {
  set(point: string, key: string, reason: FaultReason | undefined): void;
  /** Tells the result, also that all is well. */
  selfTest(checks: Checks, now: number): void;
  /** Sentences of what holds now, but for what a self-test found. */
  standing(): readonly string[];
  active(): readonly string[];
  lastSelfTest(): SelfTestRecord | undefined;
};

/** @param restored faults that were told, and the last self-test, of the run before. */
export function createFaultDesk(
  send: (message: Message) => void,
  restored: { readonly faults?: readonly string[]; readonly selfTest?: SelfTestRecord } = {},
): FaultDesk {
  const book = createFaultBook(restored.faults);
  const standing = new Map<string, FaultReason>();
  let last = restored.selfTest;

  function set(point: string, key: string, reason: FaultReason | undefined): boolean {
    if (reason === undefined) standing.delete(`${point} ${key}`);
    else standing.set(`${point} ${key}`, reason);
    const change = book.set(point, key, reason);
    if (change !== undefined) send(faultMessage(change));
    return change !== undefined;
  }

  return {
    set: (point, key, reason) => void set(point, key, reason),
    selfTest(checks, now) {
      const passed = hasPassed(checks);
      const failed = Object.entries(checks).filter(([, { ok }]) => !ok);
      const detail = failed.map(([name, check]) => `${name}: ${check.detail}`).join('; ');
      const isLate = last !== undefined && now - last.at > LATEST_AFTER_MS;
      const missed = {
        source: 'terminal',
        reason: 'selfTestMissed',
        detail: `the one before was ${wordsOfInstant(last?.at)}`,
      };
      book.set('', 'selfTestMissed', isLate ? missed : undefined);
      book.set('', 'selfTest', passed ? undefined : { source: 'terminal', reason: 'selfTest', detail });
      const isActive = book.active().includes('');
      const reasons = book.reasons('');
      const previous = last === undefined ? {} : { previousAt: last.at };
      last = { at: now, passed };
      // Told whatever came of it, and never as well while something else of the terminal is not.
      const evidence = { schema: 'selfTest/1', passed, checks, reasons: [...reasons], ...previous };
      send({ kind: 'fault', point: '', active: isActive, level: 'warning', evidence });
    },
    standing: () => [...standing.values()].map(({ source, detail }) => `${source}: ${detail}`),
    active: () => book.active(),
    lastSelfTest: () => last,
  };
}

function wordsOfInstant(at: number | undefined): string {
  return at === undefined ? 'never' : new Date(at).toISOString();
}
