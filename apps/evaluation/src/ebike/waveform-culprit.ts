import type { RenderedLoad } from '@fengsui/city';
import type { ProhibitedFinding } from '@fengsui/hazard';

/** A confirmed finding where no vehicle was charged. */
export type WaveformCulprit = {
  /** Of the stretch: with it and its length the same comes again. */
  readonly seed: number;
  /** Seconds of the stretch: when it was confirmed, and when the load it was held against had come on. */
  readonly confirmedS: number;
  readonly onS: number;
  /** What it was taken to draw, W. */
  readonly activePowerW: number;
  /** The load switched on nearest to `onS`; `later …` when none was within 8 s. */
  readonly load: string;
  /** What was on when it was confirmed. */
  readonly loadsOn: readonly string[];
};

/** As it was told when it was confirmed; `at` in ms of the stretch. */
export type ConfirmedFinding = Pick<ProhibitedFinding, 'activePowerW' | 'onForMs'> & { readonly at: number };

/** A step that no load's switching began was taken for one by a load's own course. */
const SAME_SWITCHING_S = 8;

/** Who was behind a finding on a circuit of these loads. */
export function culpritOf(finding: ConfirmedFinding, loads: readonly RenderedLoad[], seed: number): WaveformCulprit {
  const { at, activePowerW, onForMs } = finding;
  const onS = (at - onForMs) / 1000;
  const since = ({ onAtMs = 0 }: RenderedLoad): number => Math.abs(onAtMs / 1000 - onS);
  const [nearest] = [...loads].sort((a, b) => since(a) - since(b));
  const isOther = nearest !== undefined && since(nearest) > SAME_SWITCHING_S;
  const isOn = ({ onAtMs = 0, offAtMs = Infinity }: RenderedLoad): boolean => onAtMs <= at && at < offAtMs;
  return {
    seed,
    confirmedS: Math.round(at / 1000),
    onS: Math.round(onS),
    activePowerW: Math.round(activePowerW),
    load: nearest === undefined ? 'none' : `${isOther ? 'later ' : ''}${nameOf(nearest)}`,
    loadsOn: loads.filter(isOn).map(nameOf),
  };
}

function nameOf({ spec }: RenderedLoad): string {
  return `${spec.id} ${Math.round(spec.powerW)} W`;
}
