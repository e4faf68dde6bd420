import { WebSocket } from 'ws';
import { monotonicMs } from '../load/monotonic-ms.ts';

const TIMEOUT_MS = 10_000;

type Frame = {
  readonly type: string;
  readonly alarms?: readonly { readonly deviceId: string; readonly pointId: string; readonly kind: string }[];
};

export const alarmKey = (deviceId: string, pointId: string, kind: string): string => `${deviceId} ${pointId} ${kind}`;

/** What the duty desk subscribes to: a real client of the live feed that notes when it first saw each alarm. */
export class AlarmWatcher {
  readonly #ws: WebSocket;
  readonly #seenAtMs = new Map<string, number>();
  readonly #waiting = new Map<string, (atMs: number) => void>();

  private constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  /** Resolves when the snapshot is here. */
  static open(webUrl: string, token: string): Promise<AlarmWatcher> {
    const ws = new WebSocket(`${webUrl.replace(/^http/, 'ws')}/api/v1/live`);
    const watcher = new AlarmWatcher(ws);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no snapshot within ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
      ws.on('error', reject);
      ws.on('open', () => {
        ws.send(JSON.stringify({ type: 'auth', token }));
        ws.send(JSON.stringify({ type: 'subscribe', topics: ['alarms', 'presence'] }));
      });
      ws.on('message', (data: Buffer) => {
        const atMs = monotonicMs();
        const frame = JSON.parse(data.toString('utf8')) as Frame;
        if (frame.type === 'snapshot') {
          clearTimeout(timer);
          resolve(watcher);
        }
        watcher.#take(frame, atMs);
      });
    });
  }

  /** When the alarm was first on the feed. @throws Error when it is not within `timeoutMs`. */
  seen(key: string, timeoutMs: number): Promise<number> {
    const known = this.#seenAtMs.get(key);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${key} not on the feed within ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.set(key, (atMs) => {
        clearTimeout(timer);
        resolve(atMs);
      });
    });
  }

  close(): void {
    this.#ws.terminate();
  }

  #take(frame: Frame, atMs: number): void {
    for (const { deviceId, pointId, kind } of frame.alarms ?? []) {
      const key = alarmKey(deviceId, pointId, kind);
      if (this.#seenAtMs.has(key)) continue;
      this.#seenAtMs.set(key, atMs);
      this.#waiting.get(key)?.(atMs);
      this.#waiting.delete(key);
    }
  }
}
