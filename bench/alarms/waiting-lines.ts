import type { Alarm } from '@fengsui/protocol';
import { compareAlarms } from '../../apps/console/src/alarm/alarm-order.ts';
import { standingOf } from '../../apps/console/src/alarm/alarm-standing.ts';
import { WaitingRows } from './waiting-rows.ts';

const isOpen = (alarm: Alarm): boolean => standingOf(alarm.state) === 'unacknowledged';

/** What waits at the duty desk, alarms of one cause as one row: it has the id of their group and stands where the first would. */
export class WaitingLines {
  readonly #rows = new WaitingRows();
  readonly #alarmsOf = new Map<string, Map<string, Alarm>>();
  readonly #lineOf = new Map<string, string>();

  get size(): number {
    return this.#rows.size;
  }

  /** Whether the alarm waits, be it behind a row of many. */
  has(alarmId: string): boolean {
    return this.#lineOf.has(alarmId);
  }

  /** The alarms that a row stands for. */
  alarmsOf(rowId: string): readonly Alarm[] {
    return [...(this.#alarmsOf.get(rowId)?.values() ?? [])];
  }

  first(count: number, except: ReadonlySet<string>): Alarm[] {
    return this.#rows.first(count, except);
  }

  /** @returns the row that is new by it: one more to look at. */
  put(alarm: Alarm): Alarm | undefined {
    const rowId = alarm.parentId ?? alarm.id;
    const before = this.#lineOf.get(alarm.id);
    if (before !== undefined && (before !== rowId || !isOpen(alarm))) this.#take(alarm.id, before);
    if (!isOpen(alarm)) return undefined;
    const isNew = !this.#alarmsOf.has(rowId);
    const alarms = this.#alarmsOf.get(rowId) ?? new Map<string, Alarm>();
    this.#alarmsOf.set(rowId, alarms.set(alarm.id, alarm));
    this.#lineOf.set(alarm.id, rowId);
    const row = this.#show(rowId);
    return isNew ? row : undefined;
  }

  #take(alarmId: string, rowId: string): void {
    this.#lineOf.delete(alarmId);
    const alarms = this.#alarmsOf.get(rowId);
    alarms?.delete(alarmId);
    if (alarms !== undefined && alarms.size > 0) return void this.#show(rowId);
    this.#alarmsOf.delete(rowId);
    this.#rows.delete(rowId);
  }

  #show(rowId: string): Alarm {
    const alarms = this.alarmsOf(rowId);
    const first = alarms.reduce((one, other) => (compareAlarms(other, one) < 0 ? other : one));
    const row = { ...first, id: rowId };
    this.#rows.put(row);
    return row;
  }
}
