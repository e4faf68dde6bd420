import type { DeviceSettings } from '@fengsui/protocol';
import { defaultCaptureWindow } from '../capture/capture-recorder.ts';
import { partOfSite, type Measured } from '../fieldbus/part-of-site.ts';
import type { Site } from '../site/site.ts';
import type { TerminalState } from '../state/terminal-state.ts';
import type { TerminalOptions } from '../terminal-options.ts';
import type { ModelInUse } from '../update/model-in-use.ts';
import { createBoardMonitor, type BoardMonitor } from './board-monitor.ts';

/** What circuits are judged by. */
export type JudgedBy = Required<Pick<TerminalOptions, 'ratedA' | 'intervalMs'>> &
  Pick<TerminalOptions, 'overloadBands'>;

/** What a command set goes before what the terminal was started with. */
export function judgedBy(options: TerminalOptions, settings: DeviceSettings): JudgedBy {
  const bands = settings.overloadBands?.map((band) => ({ ...band, source: 'given by a command' }));
  const overloadBands = bands ?? options.overloadBands;
  return {
    ratedA: { ...options.ratedA, ...settings.ratedA },
    intervalMs: settings.intervalMs ?? options.intervalMs ?? 1000,
    ...(overloadBands === undefined ? {} : { overloadBands }),
  };
}

export type MonitorMaker = (
  settings: DeviceSettings,
  fromMs: number,
  before: TerminalState | undefined,
) => BoardMonitor;

/** Makes the monitor of the sampled circuits anew, with what is in force by then. */
export function createMonitorMaker(
  options: TerminalOptions,
  { site, sampled, model }: { readonly site: Site | undefined; readonly sampled: Measured; readonly model: ModelInUse },
): MonitorMaker {
  const { source, teaching, fieldbus } = options;
  return (settings, fromMs, before) => {
    const judged = judgedBy(options, settings);
    const own = Object.entries(judged.ratedA).filter(
      ([prefix]) => fieldbus === undefined || sampled.circuits.includes(prefix),
    );
    return createBoardMonitor({
      source,
      startAtMs: fromMs,
      ...(model.current === null ? {} : { model: model.current }),
      ...(teaching === undefined ? {} : { taught: (prefix) => teaching.taught(prefix) }),
      ...(site === undefined ? {} : { site: fieldbus === undefined ? site : partOfSite(site, sampled) }),
      captureWindow: options.captureWindow ?? defaultCaptureWindow,
      ...judged,
      ratedA: Object.fromEntries(own),
      ...(before === undefined ? {} : { state: before }),
    });
  };
}
