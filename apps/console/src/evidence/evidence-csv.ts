import type { LoadEvidence } from '@fengsui/protocol';

/**
 * The fingerprint panel as a table: what was concluded, each reason, each harmonic, and the current of one cycle beside
 * the baseline. Four sections in one CSV (RFC 4180), each with a header line, an empty line between them.
 */
export function evidenceCsv(evidence: LoadEvidence): string {
  const { recognition, switching, model, shape, baseline } = evidence;
  const { named } = recognition;
  const conclusions: readonly (readonly [string, string | number])[] = [
    ['loadEventId', evidence.loadEventId],
    ['direction', switching.direction],
    ['activePowerW', switching.activePowerW],
    ['reactivePowerVar', switching.reactivePowerVar],
    ['currentA', switching.currentA],
    ['named', named?.name ?? ''],
    ['level', named?.level ?? 'unknown'],
    ['confidence', named?.confidence ?? ''],
    ['unknownScore', recognition.unknownScore],
    ['model', `${model.modelId} ${model.modelVersion}`],
    ['enrolmentVersion', model.enrolmentVersion],
    ...recognition.families.map(({ family, probability }) => [`family ${family}`, probability] as const),
    ...recognition.types.map(({ type, probability }) => [`type ${type}`, probability] as const),
  ];
  const reasons = recognition.reasons.map(({ feature, value, typical }) => [
    feature,
    value,
    typical?.[0] ?? '',
    typical?.[1] ?? '',
  ]);
  const harmonics = shape.harmonics.map(({ order, ratio, phaseRad }) => {
    const reference = baseline?.harmonics.find((candidate) => candidate.order === order);
    return [order, ratio, phaseRad, reference?.ratio ?? '', reference?.phaseRad ?? ''];
  });
  const cycle = shape.voltageV.map((voltageV, point) => {
    return [point, voltageV, shape.currentA[point] ?? '', baseline?.currentA[point] ?? ''];
  });
  return [
    section(['quantity', 'value'], conclusions),
    section(['feature', 'value', 'typicalLow', 'typicalHigh'], reasons),
    section(['harmonic', 'ratio', 'phaseRad', 'baselineRatio', 'baselinePhaseRad'], harmonics),
    section(['point', 'voltageV', 'currentA', 'baselineCurrentA'], cycle),
  ].join('\r\n');
}

type Cell = string | number;

function section(header: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: Cell): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
