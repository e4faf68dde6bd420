import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { WorkOrderState } from '@fengsui/protocol';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import type { KeptWorkOrder } from './kept-work-order.ts';
import { nextWork, type WorkEvent } from './work-life.ts';

/** The paths of docs/guides/work-orders.md, written down a second time: `state event state`. */
const paths = `
  open assign assigned                open postpone open                  open cancel cancelled        open withdraw cancelled
  assigned assign assigned            assigned depart onTheWay            assigned repair repaired     assigned postpone assigned  assigned cancel cancelled
  onTheWay assign assigned            onTheWay arrive onSite              onTheWay repair repaired     onTheWay postpone onTheWay  onTheWay cancel cancelled
  onSite assign assigned              onSite repair repaired              onSite postpone onSite       onSite cancel cancelled
  repaired verify verified            repaired failVerification failedVerification                     repaired close unverified
  failedVerification assign assigned  failedVerification depart onTheWay  failedVerification repair repaired
  failedVerification postpone failedVerification                          failedVerification close unverified
`
  .trim()
  .split(/\s+/);
const oracle = new Map<string, string>();
for (let index = 0; index < paths.length; index += 3)
  oracle.set(`${paths[index]} ${paths[index + 1]}`, paths[index + 2] ?? '');

const AT = Date.UTC(2026, 10, 22);
const fresh: KeptWorkOrder = {
  id: 'w1',
  number: 1,
  revision: 1,
  state: 'open',
  priority: 'P3',
  place: { partition: 0, venueId: 'V1', origin: 'live' },
  deviceId: 'D1',
  openedAt: AT,
  faults: [],
  faultCount: 0,
  dueAt: AT + 86_400_000,
  escalation: 0,
  failedAttempts: 0,
  photos: [],
  repeatCount: 0,
  stepCount: 1,
};

const kinds = [
  'assign',
  'depart',
  'arrive',
  'repair',
  'postpone',
  'close',
  'cancel',
  'verify',
  'failVerification',
  'withdraw',
] as const;

function eventOf(kind: (typeof kinds)[number], at: number, revision: number): WorkEvent {
  const who = { by: 'tech', at, revision };
  switch (kind) {
    case 'assign':
      return { ...who, kind, assignee: { kind: 'person', id: 'tech' } };
    case 'depart':
    case 'arrive':
      return { ...who, kind };
    case 'repair':
      return { ...who, kind, cause: 'other', text: 'fuse', freshMs: 300_000, withinMs: 7_200_000 };
    case 'postpone':
      return { ...who, kind, dueAt: at + 3_600_000, reason: 'part ordered' };
    case 'close':
    case 'cancel':
      return { ...who, kind, reason: 'why' };
    case 'verify':
      return { kind, at };
    case 'failVerification':
      return { kind, at, because: 'stillActive' };
    case 'withdraw':
      return { kind, at, reason: 'clearedByItself' };
  }
}

test('whatever comes in whatever order, an order goes the documented paths, keeps who and when, and counts its revisions', () => {
  const steps = fc.array(fc.record({ kind: fc.constantFrom(...kinds), stale: fc.boolean(), afterMs: fc.nat(1e6) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (told) => {
      let order = fresh;
      let state: string = 'open';
      let revision = 1;
      let at = AT;
      for (const { kind, stale, afterMs } of told) {
        at += afterMs;
        const isPersons = !['verify', 'failVerification', 'withdraw'].includes(kind);
        const outcome = nextWork(order, eventOf(kind, at, stale ? revision - 1 : revision));
        const to = oracle.get(`${state} ${kind}`);
        const isRefused = to === undefined || (stale && isPersons);
        assert.equal('refused' in outcome, isRefused, `${state} ${kind} ${stale ? 'stale' : ''}`);
        if ('refused' in outcome) {
          assert.equal(outcome.refused.code, stale && isPersons ? 'orderChanged' : 'notPossible');
          continue;
        }
        assert.deepEqual([outcome.step.from, outcome.step.to, outcome.step.at], [state, to, at]);
        assert.equal(outcome.step.by, isPersons ? 'tech' : undefined);
        ({ order } = outcome);
        state = to ?? state;
        revision += 1;
        assert.deepEqual([order.state, order.revision], [state, revision]);
        assert.equal(order.verification !== undefined, state === 'repaired', 'only a repair waits for the device');
        assert.equal(order.closedAt !== undefined, ['verified', 'unverified', 'cancelled'].includes(state));
      }
    }),
    propertySettings(300),
  );
});

test('a repair needs a photo or words, and the photo must be of this attempt', () => {
  const assigned: KeptWorkOrder = { ...fresh, state: 'assigned' };
  const repair = { kind: 'repair', by: 'tech', at: AT, revision: 1, cause: 'other', freshMs: 1, withinMs: 2 } as const;
  const photo = { id: 'p', mediaType: 'image/png', bytes: 1, sha256: '', by: 'tech', at: AT, attempt: 1 } as const;
  const codeOf = (order: KeptWorkOrder, text?: string): string | undefined => {
    const outcome = nextWork(order, text === undefined ? repair : { ...repair, text });
    return 'refused' in outcome ? outcome.refused.code : undefined;
  };
  assert.equal(codeOf(assigned), 'evidenceMissing');
  assert.equal(codeOf(assigned, '  '), 'evidenceMissing');
  assert.equal(codeOf(assigned, 'fuse'), undefined);
  assert.equal(codeOf({ ...assigned, photos: [photo] }), undefined);
  assert.equal(codeOf({ ...assigned, photos: [photo], failedAttempts: 1 }), 'evidenceMissing');
});

test('who closes without the proof says why, and a postponing goes forward', () => {
  const repaired: KeptWorkOrder = { ...fresh, state: 'repaired' satisfies WorkOrderState };
  const who = { by: 'leader', at: AT, revision: 1 };
  assert.ok('refused' in nextWork(repaired, { ...who, kind: 'close', reason: ' ' }));
  assert.ok('refused' in nextWork(fresh, { ...who, kind: 'postpone', dueAt: AT - 1, reason: 'part' }));
  const postponed = nextWork({ ...fresh, escalation: 2 }, { ...who, kind: 'postpone', dueAt: AT + 9, reason: 'part' });
  assert.ok(!('refused' in postponed));
  assert.deepEqual([postponed.order.dueAt, postponed.order.escalation], [AT + 9, 0]);
});
