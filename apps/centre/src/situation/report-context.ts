import type { DeviceRecord } from '../registry/registry-change.ts';
import type { DecodedReport } from './decoded-entry.ts';
import type { Effects } from './effects.ts';
import type { Place } from './kept.ts';
import type { Situation } from './situation.ts';

/** Everything one report's application needs at hand. */
export type ReportContext = {
  readonly situation: Situation;
  readonly effects: Effects;
  readonly report: DecodedReport;
  readonly device: DeviceRecord;
  readonly place: Place;
  readonly entryId: string;
};
