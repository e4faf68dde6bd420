import type { CaptureCalibration } from '@fengsui/protocol';
import type { LoadSwitch } from '../loads/circuit-loads.ts';
import type { BoardMonitor, Observation } from '../measurement/board-monitor.ts';
import type { TelemetryValues } from '../measurement/telemetry-values.ts';
import type { Clock } from '../playback/clock.ts';
import type { Pace } from '../playback/pace.ts';
import type { SampleSource } from '../source/sample-source.ts';
import type { Uplink } from '../uplink/uplink.ts';
import { hazardMessage } from './hazard-message.ts';
import type { ReportWriter } from './report-writer.ts';
import { shiftedLoads } from './shifted-evidence.ts';

type ReporterParts = {
  readonly writer: ReportWriter;
  readonly uplink: Uplink;
  readonly pace: Pick<Pace, 'stamp'>;
  readonly clock: Clock;
  readonly source: SampleSource;
  readonly counts: { telemetry: number; events: number; captures: number };
  readonly startAtMs: number;
  readonly onEvent: () => void;
  readonly onLoad: (prefix: string, load: LoadSwitch) => void;
  /** When each capture that has not come yet was asked for, epoch ms. */
  readonly triggeredAt: Map<number, number>;
  readonly captureIdOf: (number: number) => string;
  /** What the samples of the monitor that speaks were made into quantities with. */
  readonly calibration: () => CaptureCalibration | 'none';
  readonly onTelemetry?: (values: TelemetryValues) => void;
};

/** Turns what the monitor observes into reports. An event leaves at once; its capture follows under the id it names. */
export function createReporter(parts: ReporterParts): Parameters<BoardMonitor['push']>[1] {
  const { writer, uplink, pace, clock, source, counts, triggeredAt, captureIdOf } = parts;
  return (observation: Observation): void => {
    switch (observation.kind) {
      case 'telemetry': {
        counts.telemetry += 1;
        parts.onTelemetry?.(observation.values);
        uplink.send(writer.telemetry(pace.stamp(observation.signalMs, clock.now()), observation.values));
        return;
      }
      case 'event': {
        const { event, capture } = observation;
        const at = pace.stamp(observation.signalMs, clock.now());
        if (capture !== undefined && !triggeredAt.has(capture)) triggeredAt.set(capture, at);
        const captureId = capture === undefined ? {} : { captureId: captureIdOf(capture) };
        const shiftMs = at - (parts.startAtMs + observation.signalMs);
        counts.events += 1;
        uplink.send(writer.event({ at, ...hazardMessage(event, shiftMs), ...captureId }));
        parts.onEvent();
        return;
      }
      case 'load': {
        const { load, prefix, capture } = observation;
        const at = pace.stamp(observation.signalMs, clock.now());
        if (capture !== undefined && !triggeredAt.has(capture)) triggeredAt.set(capture, at);
        const captureId = capture === undefined ? {} : { captureId: captureIdOf(capture) };
        const { kind, confidence } = load;
        const evidence = shiftedLoads(load.evidence, at - (parts.startAtMs + observation.signalMs));
        const told = { at, kind, point: prefix, level: 'attention', confidence } as const;
        uplink.send(writer.event({ ...told, evidence: { ...evidence }, ...captureId }));
        parts.onLoad(prefix, { ...load, at });
        return;
      }
      case 'capture': {
        const { capture, triggerFrame, channels } = observation;
        const { sampleRateHz, mainsHz } = source;
        const triggerAt = triggeredAt.get(capture) ?? clock.now();
        triggeredAt.delete(capture);
        const at = Math.round(triggerAt - (triggerFrame * 1000) / sampleRateHz);
        const captureId = captureIdOf(capture);
        counts.captures += 1;
        const calibration = parts.calibration();
        uplink.send(writer.capture({ captureId, at, sampleRateHz, mainsHz, channels, triggerFrame, calibration }));
        return;
      }
    }
  };
}
