import type { Alarm, Isolation } from '@fengsui/protocol';
import type { NewEntry } from '../journal/entry.ts';
import { partitionOf } from '../journal/partition.ts';
import type { DeviceRecord, RegistryChange } from '../registry/registry-change.ts';
import type { Effects } from '../situation/effects.ts';
import { deviceRecord, event, house, registryChange, T0 } from '../situation/entries.fixture.ts';
import type { KeptCondition } from '../situation/kept.ts';
import type { ActOutcome } from '../situation/operator-act.ts';
import { SituationFeed } from '../situation/situation-feed.fixture.ts';
import type { IsolationAct } from './isolation-act.ts';
import { isolationView } from './isolation-view.ts';
import type { KeptIsolation } from './kept-isolation.ts';

const area = (id: string, parentId?: string): RegistryChange => ({
  kind: 'areaPut',
  area: { id, venueId: 'V1', kind: 'room', name: id, ...(parentId !== undefined && { parentId }) },
});

/** V1: floor F with rooms R1 and R2. S1, S2 and a terminal D1 in R1, S3 in R2, S4 and the panel U1 in no area. */
export const placed: Readonly<Record<string, Partial<DeviceRecord>>> = {
  S1: { model: 'generic-smoke', areaId: 'R1' },
  S2: { model: 'generic-smoke', areaId: 'R1' },
  S3: { model: 'generic-smoke', areaId: 'R2' },
  S4: { model: 'generic-smoke' },
  D1: { areaId: 'R1' },
  U1: { model: 'generic-uitd' },
};

/** One hand on the clock, one situation; what was kept is what a restart finds. */
export class IsolationFeed {
  now = T0;
  feed: SituationFeed;
  /** Told of every commit. */
  onCommitted: (effects: Effects) => void = () => undefined;
  readonly #devices = new Map(Object.entries(placed).map(([id, change]) => [id, deviceRecord(id, change)]));
  readonly #conditions = new Map<string, KeptCondition>();
  readonly #isolations = new Map<string, KeptIsolation>();
  #acts = 0;

  constructor() {
    this.feed = new SituationFeed(this.#registry());
  }

  #registry(): readonly RegistryChange[] {
    const devices = [...this.#devices.values()].map((device): RegistryChange => ({ kind: 'devicePut', device }));
    return [...house, area('F'), area('R1', 'F'), area('R2', 'F'), ...devices];
  }

  /** What only memory knew is gone. */
  restart(): void {
    const { timers } = this.feed;
    this.feed = new SituationFeed(this.#registry());
    for (const [id, timer] of timers) this.feed.timers.set(id, timer);
    for (const kept of this.#conditions.values()) this.feed.situation.restoreCondition(stored(kept));
    for (const kept of this.#isolations.values()) this.feed.situation.isolations.put(stored(kept));
  }

  take(...entries: readonly NewEntry[]): Effects {
    return this.#keep(this.feed.alarm(...entries));
  }

  #keep(effects: Effects): Effects {
    for (const [id, kept] of effects.conditions) this.#conditions.set(id, kept);
    for (const [id, kept] of effects.isolations) this.#isolations.set(id, kept);
    this.onCommitted(effects);
    return effects;
  }

  says(deviceId: string, kind: string, active = true, level: 'warning' | 'alarm' = 'alarm', late = false): void {
    const at = this.now++;
    this.take(
      event(
        deviceId,
        { at: late ? at - 3_600_000 : at, kind, point: '', active, level },
        { receivedAt: at, live: !late },
      ),
    );
  }

  #act(by: string, act: IsolationAct): ActOutcome {
    const meta = { actId: `act ${this.#acts++}`, venueId: 'V1', by, at: this.now++, isIsolation: true, act } as const;
    const entry = { kind: 'operatorAct', partition: partitionOf('V1'), appendedAt: meta.at, meta } as const;
    return this.take(entry).acts[0]?.outcome as ActOutcome;
  }

  ask(act: Partial<Extract<IsolationAct, { readonly kind: 'ask' }>> = {}, by = 'asker'): ActOutcome {
    const fireWatch = { name: 'Watch' };
    const until = this.now + 3_600_000;
    return this.#act(by, { kind: 'ask', target: {}, isolation: 'isolated', until, reason: 'works', fireWatch, ...act });
  }

  approve(isolationId: string, by = 'approver'): ActOutcome {
    return this.#act(by, { kind: 'approve', isolationId });
  }

  end(isolationId: string, by = 'asker'): ActOutcome {
    return this.#act(by, { kind: 'end', isolationId });
  }

  /** Asked for and approved. @returns its id */
  isolate(act: Parameters<IsolationFeed['ask']>[0] = {}): string {
    const asked = this.ask(act);
    if (asked.kind !== 'isolated') throw new Error(JSON.stringify(asked));
    if (asked.isolation.needsApproval) this.approve(asked.isolation.id);
    return asked.isolation.id;
  }

  move(deviceId: string, change: Partial<DeviceRecord>): void {
    const device = { ...(this.#devices.get(deviceId) ?? deviceRecord(deviceId)), ...change };
    this.#devices.set(deviceId, device);
    this.take(registryChange([{ kind: 'devicePut', device }], this.now++));
  }

  areaOf(deviceId: string): string | undefined {
    return this.#devices.get(deviceId)?.areaId;
  }

  /** Time goes on, and whatever is due of isolations and faults that last fires. */
  wait(ms: number): void {
    this.now += ms;
    const due = [...this.feed.timers.values()].filter(
      ({ id, dueAt, purpose }) => (id.startsWith('isol') || purpose.kind === 'workOrderOpens') && dueAt <= this.now,
    );
    for (const { id } of due.sort((a, b) => a.dueAt - b.dueAt))
      if (this.feed.timers.has(id)) this.#keep(this.feed.fire(id, this.now));
  }

  isolation(id: string): Isolation {
    const kept = this.#isolations.get(id);
    if (kept === undefined) throw new Error(`no isolation ${id}`);
    return isolationView(this.feed.situation, this.feed.situation.isolations.of('V1', id) ?? kept, {
      mayReadContacts: false,
    });
  }

  isolations(): readonly KeptIsolation[] {
    return [...this.#isolations.values()];
  }

  alarm(deviceId: string, kind: string): Alarm | undefined {
    return this.feed.open(kind).find((alarm) => alarm.deviceId === deviceId);
  }
}

const stored = <Kept>(kept: Kept): Kept => JSON.parse(JSON.stringify(kept)) as Kept;
