import {
  assembleCapture,
  decodeCaptureChunk,
  decodeEvent,
  decodeTelemetry,
  parseTopic,
  type AssembledCapture,
  type CaptureChunk,
  type DeviceEvent,
  type Telemetry,
} from '@fengsui/protocol';
import type { Report } from '../src/report/report.ts';
import type { Uplink } from '../src/uplink/uplink.ts';

/** An uplink that keeps what it is given and decodes it as a centre would. */
export class RecordingUplink implements Uplink {
  readonly reports: Report[] = [];
  stoppedWith: number | undefined;
  #isStarted = false;

  start(): void {
    this.#isStarted = true;
  }

  send(report: Report): void {
    if (!this.#isStarted) throw new Error('a report before the start');
    this.reports.push(report);
  }

  hasRoom(): boolean {
    return true;
  }

  status(): ReturnType<Uplink['status']> {
    const counts = { waiting: 0, inFlight: 0, bytes: 0, droppedTelemetry: 0, refusedCaptures: 0 };
    return { ...counts, acknowledged: this.reports.length, isConnected: this.#isStarted };
  }

  stop(timeoutMs: number): Promise<number> {
    this.stoppedWith = timeoutMs;
    return Promise.resolve(0);
  }

  telemetry(): Telemetry[] {
    return this.#payloads('telemetry').map((payload) => {
      const decoded = decodeTelemetry(payload);
      if (decoded.kind === 'discarded') throw new Error(decoded.detail);
      return decoded;
    });
  }

  events(): DeviceEvent[] {
    return this.#payloads('event').map((payload) => {
      const decoded = decodeEvent(payload);
      if (decoded.kind === 'discarded') throw new Error(decoded.detail);
      return decoded;
    });
  }

  captures(): Map<string, AssembledCapture> {
    const chunks = new Map<string, CaptureChunk[]>();
    for (const { topic, payload } of this.reports.flatMap(({ packets }) => packets)) {
      const parsed = parseTopic(topic);
      if (parsed.kind !== 'capture') continue;
      const chunk = decodeCaptureChunk(payload);
      if (chunk.kind === 'discarded') throw new Error(chunk.detail);
      chunks.set(parsed.captureId, [...(chunks.get(parsed.captureId) ?? []), chunk]);
    }
    return new Map(
      [...chunks].map(([id, ofCapture]) => {
        const assembled = assembleCapture(ofCapture);
        if (assembled.kind === 'discarded') throw new Error(assembled.detail);
        return [id, assembled] as const;
      }),
    );
  }

  #payloads(kind: Report['kind']): Uint8Array[] {
    return this.reports
      .filter((report) => report.kind === kind)
      .flatMap(({ packets }) => packets.map(({ payload }) => payload));
  }
}
