import type { GbProfile } from '@fengsui/protocol';
import type { ReportContext } from '../report-context.ts';

/** What one frame's application needs at hand: its report, how its make writes, and when it was received among others. */
export type GbFrameContext = ReportContext & {
  readonly profile: GbProfile;
  readonly order: number;
};
