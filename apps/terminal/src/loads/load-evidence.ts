import type { CurrentFingerprint, Recognition, TrackedLoad } from '@fengsui/fingerprint';
import type { LoadEvidence } from '@fengsui/protocol';
import { harmonicsOfCycle, rms, type SteadyState, type SwitchEvent } from '@fengsui/signal';

/** The waveform of one cycle as evidence carries it: at most 64 points, a kilobyte instead of three. */
export type Shape = LoadEvidence['shape'];

const SHAPE_POINTS = 64;
const MOST_LOADS = 24;
const MOST_REASONS = 16;
const MOST_HARMONICS = 39;
/** Below this a circuit counts as empty: the noise of the converter has a shape too, but nothing to compare with. */
const LEAST_BEFORE_A = 0.05;

export type LoadEvidenceParts = {
  readonly loadEventId: string;
  readonly event: SwitchEvent;
  readonly fingerprint: CurrentFingerprint;
  readonly recognition: Recognition;
  readonly enrolmentVersion: number;
  /** Of the device it was matched with; else the circuit's current before is shown beside it. */
  readonly template?: Shape;
  /** What never goes off, as far as it is known. */
  readonly standbyW: number;
  readonly loads: readonly TrackedLoad[];
};

/** What the terminal tells the centre about a switching: everything a person needs to agree or not. */
export function loadEvidenceOf(parts: LoadEvidenceParts): LoadEvidence {
  const { event, fingerprint, recognition, standbyW, loads } = parts;
  const sign = event.kind === 'on' ? 1 : -1;
  const ownCurrentA = event.differenceCurrentA.map((value) => sign * value);
  const { families, types, device, unknownScore, named, reasons, modelId, modelVersion } = recognition;
  const trackedW = loads.reduce((sum, load) => sum + load.activePowerW, 0);
  const decisive = event.transient.inrushRatio > 1;
  const baseline = parts.template ?? shapeBefore(event.before);
  return {
    schema: 'load/1',
    loadEventId: parts.loadEventId,
    model: {
      fingerprintSchemaVersion: fingerprint.schemaVersion,
      modelId,
      modelVersion,
      enrolmentVersion: parts.enrolmentVersion,
    },
    switching: {
      direction: event.kind,
      activePowerW: rounded(sign * event.deltaActivePowerW),
      reactivePowerVar: rounded(sign * event.deltaReactivePowerVar),
      currentA: rounded(event.deltaCurrentA),
      ...(decisive && { inrushRatio: rounded(event.transient.inrushRatio) }),
    },
    recognition: {
      families: families.map(({ family, probability }) => ({ family, probability: ratio(probability) })),
      types: types.map(({ type, probability }) => ({ type, probability: ratio(probability) })),
      ...(device !== undefined && { device: { ...device, score: ratio(device.score) } }),
      unknownScore: ratio(unknownScore),
      ...(named !== undefined && { named: { ...named, confidence: ratio(named.confidence) } }),
      reasons: reasons.slice(0, MOST_REASONS).map(({ feature, value, typical, typicalOf }) => ({
        feature,
        value: rounded(value),
        ...(typical !== undefined && { typical: [rounded(typical[0]), rounded(typical[1])] as [number, number] }),
        ...(typicalOf !== undefined && { typicalOf }),
      })),
    },
    shape: shapeOf(event.after.voltageV, ownCurrentA, fingerprint.harmonics),
    ...(baseline !== undefined && { baseline }),
    circuit: {
      activePowerW: rounded(event.after.activePowerW),
      unexplainedPowerW: rounded(event.after.activePowerW - trackedW - standbyW),
      loadsOn: loads.slice(0, MOST_LOADS).map(({ name, level, activePowerW, onAt }) => ({
        ...(name !== undefined && level !== 'none' && { name, level }),
        activePowerW: rounded(activePowerW),
        since: Math.round(onAt),
      })),
    },
  };
}

/** What the circuit drew before; undefined when that was nothing. */
function shapeBefore({ voltageV, currentA }: SteadyState): Shape | undefined {
  if (!(rms(currentA) >= LEAST_BEFORE_A)) return undefined;
  const whole = harmonicsOfCycle(currentA, { startFrame: 0, frameCount: currentA.length });
  const fundamentalA = whole.rms[1] ?? NaN;
  const harmonics = Array.from({ length: MOST_HARMONICS }, (_, index) => {
    const order = index + 2;
    return { order, ratio: (whole.rms[order] ?? NaN) / fundamentalA, phaseRad: whole.phaseRad[order] ?? NaN };
  });
  return shapeOf(voltageV, currentA, harmonics);
}

/** Means of neighbouring points; harmonics of the whole cycle are told beside it. */
export function shapeOf(
  voltageV: Float64Array,
  currentA: Float64Array,
  harmonics: CurrentFingerprint['harmonics'],
): Shape {
  return {
    voltageV: thinned(voltageV),
    currentA: thinned(currentA),
    harmonics: harmonics
      .filter(({ ratio: share, phaseRad }) => Number.isFinite(share) && Number.isFinite(phaseRad))
      .map((h) => ({ order: h.order, ratio: rounded(h.ratio), phaseRad: rounded(h.phaseRad) })),
  };
}

function thinned(values: Float64Array): number[] {
  const width = Math.max(1, Math.ceil(values.length / SHAPE_POINTS));
  return Array.from({ length: Math.floor(values.length / width) }, (_, index) => {
    const part = values.subarray(index * width, (index + 1) * width);
    return rounded(part.reduce((sum, value) => sum + value, 0) / part.length);
  });
}

/** Five digits are beyond what a current transformer resolves. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : 0;
}

function ratio(value: number): number {
  return Math.min(1, Math.max(0, Number(value.toFixed(4))));
}
