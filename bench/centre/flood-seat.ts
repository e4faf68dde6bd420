import type { Alarm } from '@fengsui/protocol';
import { WebSocket } from 'ws';
import { groupQueue, type GroupQueue } from '../../apps/console/src/alarm/group-queue.ts';
import { applyBatch, applySnapshot, emptyLiveState, type LiveState } from '../../apps/console/src/live/live-state.ts';
import { monotonicMs } from '../load/monotonic-ms.ts';

const TIMEOUT_MS = 60_000;
const CLOSED: ReadonlySet<string> = new Set();

type Frame = { readonly type: string; readonly alarms?: readonly Alarm[] };

/** A duty desk without its screen: live state and queue are the console's own, over a real client of the feed. */
export class FloodSeat {
  readonly #ws: WebSocket;
  readonly #seenAtMs = new Map<string, number>();
  #state: LiveState = emptyLiveState;
  /** The most rows that the queue had after any frame. */
  mostRows = 0;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  static open(webUrl: string, token: string): Promise<FloodSeat> {
    const ws = new WebSocket(`${webUrl.replace(/^http/, 'ws')}/api/v1/live`);
    const seat = new FloodSeat(ws);
    return new Promise((resolve, reject) => {
      ws.on('error', reject);
      ws.on('open', () => {
        ws.send(JSON.stringify({ type: 'auth', token }));
        ws.send(JSON.stringify({ type: 'subscribe', topics: ['alarms'] }));
      });
      ws.on('message', (data: Buffer) => {
        const atMs = monotonicMs();
        const frame = JSON.parse(data.toString('utf8')) as Frame;
        if (frame.type === 'snapshot') resolve(seat);
        seat.#take(frame, atMs);
      });
    });
  }

  /** As the desk would show it, no group open. */
  get queue(): GroupQueue {
    return groupQueue(this.#state.alarms.values(), CLOSED);
  }

  get alarms(): readonly Alarm[] {
    return [...this.#state.alarms.values()];
  }

  /** Of the alarm of a condition that is not over: when it was first on the feed. */
  seenAtMs(deviceId: string, pointId: string): number | undefined {
    const found = this.alarms.find((alarm) => alarm.deviceId === deviceId && alarm.pointId === pointId);
    return found && this.#seenAtMs.get(found.id);
  }

  /** @throws Error when it does not become so within a minute. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = monotonicMs() + TIMEOUT_MS;
    while (!holds()) {
      if (monotonicMs() > deadline) throw new Error(`${what}: not within ${TIMEOUT_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  close(): void {
    this.#ws.terminate();
  }

  #take({ type, alarms = [] }: Frame, atMs: number): void {
    if (type !== 'snapshot' && type !== 'batch') return;
    this.#state = type === 'snapshot' ? applySnapshot(this.#state, { alarms }) : applyBatch(this.#state, { alarms });
    for (const { id } of alarms) if (!this.#seenAtMs.has(id)) this.#seenAtMs.set(id, atMs);
    this.mostRows = Math.max(this.mostRows, this.queue.ordered.length);
  }
}
