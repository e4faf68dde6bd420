import { createHash } from 'node:crypto';
import {
  captureTopicOf,
  encodeCapture,
  encodeEvent,
  encodeFrames,
  encodeSingleTelemetry,
  topicOf,
  type CaptureCalibration,
  type EventMessage,
  type SampledChannel,
} from '@fengsui/protocol';
import type { Numbering } from './numbering.ts';
import type { Report } from './report.ts';

/** A window of samples on its way into a capture. */
export type CaptureContent = {
  readonly captureId: string;
  /** Instant of frame 0, epoch ms. */
  readonly at: number;
  readonly sampleRateHz: number;
  readonly mainsHz: number;
  readonly channels: readonly SampledChannel[];
  readonly triggerFrame: number;
  readonly calibration?: CaptureCalibration | 'none';
};

/** Numbers and encodes the reports of one device: one counter for telemetry, events and captures (design.md 5.1). */
export type ReportWriter = {
  readonly epoch: string;
  /** Of the numbering: no other run of the device has it. */
  readonly run: string;
  telemetry(at: number, values: Readonly<Record<string, number>>): Report;
  event(event: Omit<EventMessage, 'epoch' | 'seq'>): Report;
  /** @throws RangeError when the channels cannot be encoded (`encodeFrames`, `encodeCapture`). */
  capture(content: CaptureContent): Report;
};

/**
 * @throws RangeError for a device id that cannot stand in a topic.
 */
export function createReportWriter(deviceId: string, numbering: Numbering): ReportWriter {
  const telemetryTopic = topicOf('telemetry', deviceId);
  const eventTopic = topicOf('event', deviceId);
  const { epoch, run } = numbering;
  return {
    epoch,
    run,
    telemetry(at, values) {
      const seq = numbering.next();
      const payload = encodeSingleTelemetry({ epoch, seq, at, values });
      return { kind: 'telemetry', seq, packets: [{ topic: telemetryTopic, payload }] };
    },
    event(event) {
      const seq = numbering.next();
      return { kind: 'event', seq, packets: [{ topic: eventTopic, payload: encodeEvent({ epoch, seq, ...event }) }] };
    },
    capture({ captureId, at, sampleRateHz, mainsHz, channels: sampled, triggerFrame, calibration }) {
      const { channels, frames, frameBytes } = encodeFrames(sampled);
      const sha256 = createHash('sha256').update(frameBytes).digest('hex');
      const seq = numbering.next();
      const header = {
        epoch,
        seq,
        at,
        sampleRateHz,
        mainsHz,
        channels,
        frames,
        triggerFrame,
        sha256,
        ...(calibration !== undefined && { calibration }),
      };
      const topic = captureTopicOf(deviceId, captureId);
      const packets = encodeCapture(header, frameBytes).map((payload) => ({ topic, payload }));
      return { kind: 'capture', seq, packets };
    },
  };
}
