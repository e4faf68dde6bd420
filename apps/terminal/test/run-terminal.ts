import assert from 'node:assert/strict';
import { numberingFrom } from '../src/report/numbering.ts';
import type { TerminalState } from '../src/state/terminal-state.ts';
import { createTerminal, type TerminalOptions } from '../src/terminal.ts';
import { FakeClock } from './fake-clock.ts';
import { RecordingUplink } from './recording-uplink.ts';
import { syntheticSource, type SyntheticSignal } from './synthetic-source.ts';

/** When every run begins, epoch ms. */
export const startedAt = 1_763_718_000_000;

/** Runs a terminal on a signal to its end; without recognition of loads unless the options bring a model. */
export async function runTerminal(
  signal: SyntheticSignal,
  options: Partial<TerminalOptions> = {},
): Promise<{ uplink: RecordingUplink; clock: FakeClock; states: TerminalState[] }> {
  const uplink = new RecordingUplink();
  const clock = new FakeClock(startedAt);
  const states: TerminalState[] = [];
  const terminal = createTerminal({
    source: syntheticSource(signal),
    deviceId: 'D1',
    uplink,
    clock,
    numbering: numberingFrom('e1'),
    model: null,
    onState: (state) => states.push(state),
    ...options,
  });
  terminal.start();
  await terminal.ended;
  assert.equal(await terminal.stop(7), 0);
  assert.equal(uplink.stoppedWith, 7);
  return { uplink, clock, states };
}

/** 10 A, from `fromMs` to `toMs` 25.6 A: 1.6 times the rated 16 A. */
export const overload = (fromMs: number, toMs: number) => (ms: number) => (ms >= fromMs && ms < toMs ? 25.6 : 10);

/** The values of a telemetry report by their point. */
export function valuesOf(
  telemetry: ReturnType<RecordingUplink['telemetry']>[number] | undefined,
): Record<string, number> {
  const row = telemetry?.rows[0];
  return Object.fromEntries((telemetry?.points ?? []).map((point, index) => [point, row?.values[index] ?? NaN]));
}
