import {
  decideLocalAction,
  type HazardEvent,
  type LocalActionLatch,
  type MissingCode,
  type PolicyOnRecord,
} from '@fengsui/hazard';
import { readActions, writeActions, type ActionRecord } from './action-file.ts';
import type { Breakers } from './breaker.ts';

/** What the actor did or did not do, for the centre and for the log. */
export type LocalAct =
  | {
      readonly kind: 'opened';
      readonly circuit: string;
      readonly because: HazardEvent;
      readonly latch: LocalActionLatch;
      /** Read back after the order: a breaker that did not open is the worst news there is. */
      readonly breaker: 'closed' | 'open' | 'unknown';
      readonly failure?: string;
    }
  | {
      readonly kind: 'refused';
      readonly circuit: string;
      readonly because: HazardEvent;
      /** Sentences for the log, and the same in codes. */
      readonly missing: readonly string[];
      readonly codes: readonly RefusalCode[];
    }
  /** Told again at each start until a person has been there: nobody may have heard it. */
  | {
      readonly kind: 'stillOpen';
      readonly circuit: string;
      readonly latch: LocalActionLatch;
      /** Read back now: somebody may have closed it without a word. */
      readonly breaker: 'closed' | 'open' | 'unknown';
    };

/** What speaks against an act; `record`: its record could not be kept. */
export type RefusalCode = MissingCode | 'record';

export type LocalActorSettings = {
  readonly deviceId: string;
  readonly circuits: readonly string[];
  readonly policies: readonly PolicyOnRecord[];
  readonly breakers: Breakers;
  /** File of the record; written before a breaker moves. */
  readonly file: string;
  /** Wall clock, epoch ms: policies end by it. */
  readonly now: () => number;
};

export type LocalActor = {
  /** What is to be told at the start. */
  begin(): readonly LocalAct[];
  /**
   * Looks at what holds now; acts at most once for a circuit until it is inspected. Where a breaker takes a moment, what
   * became of it is told by a later call.
   */
  act(causes: readonly HazardEvent[], loadsOn: LoadsOn): readonly LocalAct[];
  /** The centre told its time. */
  hearTime(centreAt: number): void;
};

type LoadsOn = (circuit: string) => readonly { readonly name?: string }[] | undefined;

/** Further apart than this, one of the two clocks is wrong. */
const CLOCK_AGREES_MS = 60_000;
/** A record that may have been released by a person is read again as often as this. */
const LOOK_EVERY_MS = 2_000;

/** Opens breakers where everything that permits it is on record, and never closes one. */
export function createLocalActor(settings: LocalActorSettings): LocalActor {
  const { deviceId, circuits, policies, breakers, file, now } = settings;
  let record: ActionRecord = readActions(file);
  let readAt = now();
  /** Refusals told while a cause lasts, by circuit: each cause and set of reasons once, not fifty times a second. */
  const refused = new Map<string, Set<string>>();

  /** Orders that took a moment and are settled, not told yet. */
  const settled: LocalAct[] = [];

  function refresh(): void {
    if (Object.keys(record.latches).length === 0 || now() - readAt < LOOK_EVERY_MS) return;
    readAt = now();
    record = readActions(file);
  }

  /** Undefined when that was told already. */
  function refuse(
    circuit: string,
    because: HazardEvent,
    reasons: readonly { readonly code: RefusalCode; readonly sentence: string }[],
  ): LocalAct | undefined {
    const codes = reasons.map(({ code }) => code);
    const told = refused.get(circuit) ?? new Set();
    const words = [because.kind, because.point, ...codes].join('/');
    if (told.has(words)) return undefined;
    refused.set(circuit, told.add(words));
    return { kind: 'refused', circuit, because, missing: reasons.map(({ sentence }) => sentence), codes };
  }

  function open(circuit: string, because: HazardEvent, latch: LocalActionLatch): LocalAct | undefined {
    const kept = { ...record, latches: { ...record.latches, [circuit]: latch } };
    // First the record, then the breaker: after a power cut in between nobody could say why it is open.
    try {
      writeActions(file, kept);
    } catch (error) {
      const sentence = `the record of the act cannot be kept: ${wordsOf(error)}`;
      return refuse(circuit, because, [{ code: 'record', sentence }]);
    }
    record = kept;
    refused.delete(circuit);
    const opened = (failure?: string): LocalAct => ({
      kind: 'opened',
      circuit,
      because,
      latch,
      breaker: breakers.state(circuit),
      ...(failure !== undefined && { failure }),
    });
    let ordered: void | Promise<void>;
    try {
      ordered = breakers.open(circuit);
    } catch (error) {
      return opened(wordsOf(error));
    }
    if (ordered === undefined) return opened();
    // On a bus it takes a moment: told once it was read back, or failed. The latch stands meanwhile.
    ordered.then(
      () => settled.push(opened()),
      (error: unknown) => settled.push(opened(wordsOf(error))),
    );
    return undefined;
  }

  function actOn(circuit: string, causes: readonly HazardEvent[], loadsOn: LoadsOn): LocalAct | undefined {
    const latch = record.latches[circuit];
    const inspectedAt = record.inspections[circuit]?.inspectedAt;
    const { clockTrustedAt } = record;
    const state = {
      deviceId,
      circuit,
      breaker: breakers.state(circuit),
      // Without recognition nothing is known of what is on: one unknown load, which counts as protected.
      loadsOn: loadsOn(circuit) ?? [{}],
      isClockTrusted: clockTrustedAt !== undefined && now() >= clockTrustedAt,
      ...(latch !== undefined && { latch }),
      ...(inspectedAt !== undefined && { inspectedAt }),
    };
    const policy = policies.find((candidate) => candidate.policy.circuit === circuit);
    const decision = decideLocalAction(policy, state, causes, now());
    if (decision.kind === 'open') return open(circuit, decision.because, decision.latch);
    if (decision.kind !== 'refused') {
      refused.delete(circuit);
      return undefined;
    }
    return refuse(circuit, decision.because, decision.missing);
  }

  return {
    begin: () =>
      Object.entries(record.latches).map(([circuit, latch]) => {
        return { kind: 'stillOpen', circuit, latch, breaker: breakers.state(circuit) } as const;
      }),
    act(causes, loadsOn) {
      refresh();
      const told = settled.splice(0);
      if (causes.length === 0) {
        refused.clear();
        return told;
      }
      return [
        ...told,
        ...circuits.map((circuit) => actOn(circuit, causes, loadsOn)).filter((act) => act !== undefined),
      ];
    },
    hearTime(centreAt) {
      if (Math.abs(centreAt - now()) > CLOCK_AGREES_MS) return;
      record = { ...readActions(file), clockTrustedAt: now() };
      writeActions(file, record);
    },
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
