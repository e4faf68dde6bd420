import { parseArgs } from 'node:util';
import {
  inspectLoads,
  inspectRecording,
  readRecordingFile,
  type CircuitInspection,
  type LoadInspection,
  type RecordingInspection,
} from '@fengsui/terminal';
import { shippedModel, type Recognition } from '@fengsui/fingerprint';
import { UsageError, type Command } from '../command.ts';

export const captureCommand: Command = {
  usage: [
    'fengsui capture inspect overload.csv',
    'fengsui capture inspect fault.cfg --json',
    "fengsui capture inspect 'recordings#refrigerator-01'",
    '',
    'Reads X.csv, a COMTRADE pair by its .cfg or .dat, X.cff, or DIR#recordingId. Per channel: rms, peak, crest',
    'factor; per circuit over whole mains cycles: P, Q, S, power factor, frequency, distortion; what was switched, what',
    'it is taken for and how sure that is; arcs and other hazards; and what the whole current of a circuit looks like. A',
    'dash, or null, is not known.',
    'Options: --json',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (action !== 'inspect') throw new UsageError(`capture ${action ?? ''}: expected inspect`);
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('one FILE is needed');
    const { recording, warnings } = await readRecordingFile(file);
    for (const warning of warnings) console.error(warning);
    const inspection = inspectRecording(recording);
    const loads = inspectLoads(recording, inspection.findings, shippedModel());
    const whole = { file, ...inspection, ...loads, warnings };
    console.log(values.json ? JSON.stringify(whole) : [textOf(inspection), ...loadLines(loads)].join('\n'));
    return 0;
  },
};

function textOf(inspection: RecordingInspection): string {
  const { sampleRateHz, mainsHz, frames, durationMs, startedAt, calibration, channels, circuits, findings, unused } =
    inspection;
  const started = startedAt === null ? '' : `, from ${new Date(startedAt).toISOString()}`;
  return [
    `${sampleRateHz} Hz, ${frames} frames, ${(durationMs / 1000).toFixed(3)} s, mains ${mainsHz} Hz${started}`,
    calibration === 'none' ? 'not calibrated' : `calibration: ${calibration ?? 'the file does not say'}`,
    ...channels.map(({ name, unit, rms, peak, crestFactor }) => {
      return `${name}: rms ${quantity(rms, unit)}, peak ${quantity(peak, unit)}, crest factor ${number(crestFactor)}`;
    }),
    ...circuits.map(circuitLine),
    ...findings.map(({ prefix, channel, kind, certainty, detail }) => {
      return `finding: ${prefix} ${channel}: ${kind}${certainty === 'maybe' ? ' (maybe)' : ''}: ${detail}`;
    }),
    ...(findings.length === 0 ? ['no findings'] : []),
    ...(unused.length === 0 ? [] : [`not used by a terminal: ${unused.join(', ')}`]),
  ].join('\n');
}

function loadLines({ switchings, hazards, wholes }: LoadInspection): readonly string[] {
  return [
    ...switchings.map(({ prefix, atMs, evidence: { switching, recognition } }) => {
      const { direction, activePowerW, reactivePowerVar } = switching;
      const power = `${quantity(activePowerW, 'W')}, ${quantity(reactivePowerVar, 'var')}`;
      return `${prefix} at ${seconds(atMs)}: ${direction} ${power}: ${namesOf(recognition)}`;
    }),
    ...hazards.map(({ atMs, kind, point, active, level, confidence }) => {
      const sure = confidence === undefined ? '' : `, confidence ${number(confidence)}`;
      return `${point} at ${seconds(atMs)}: ${kind} ${active ? level : 'ended'}${sure}`;
    }),
    ...(switchings.length + hazards.length === 0 ? ['nothing was switched, no hazard'] : []),
    ...wholes.map((whole) =>
      'unusable' in whole
        ? `${whole.prefix} as a whole: not recognised: ${whole.unusable}`
        : `${whole.prefix} as a whole, if it is one load: ${namesOf(whole.recognition)}`,
    ),
  ];
}

type Names = Pick<Recognition, 'types' | 'unknownScore' | 'named'> & {
  readonly families: readonly { readonly family: string; readonly probability: number }[];
};

function namesOf({ families, types, unknownScore, named }: Names): string {
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(0)} %`;
  const name = named === undefined ? 'unknown' : `${named.name} (${named.level}, ${percent(named.confidence)})`;
  const best = [
    ...families.slice(0, 2).map(({ family, probability }) => `${family} ${percent(probability)}`),
    ...types.slice(0, 3).map(({ type, probability }) => `${type} ${percent(probability)}`),
  ];
  return `${name}; ${best.join(', ')}; unknown ${percent(unknownScore)}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

function circuitLine(circuit: CircuitInspection): string {
  const { prefix, cycles, lockedCycles, frequencyHz } = circuit;
  return [
    `${prefix} over ${cycles} cycles (${lockedCycles} locked)`,
    `U ${quantity(circuit.voltageV, 'V')}, I ${quantity(circuit.currentA, 'A')}`,
    `P ${quantity(circuit.activePowerW, 'W')}, Q ${quantity(circuit.reactivePowerVar, 'var')}`,
    `S ${quantity(circuit.apparentPowerVa, 'VA')}, power factor ${number(circuit.powerFactor)}`,
    `f ${quantity(frequencyHz, 'Hz')}`,
    `THD U ${quantity(circuit.voltageThdPct, '%')}, I ${quantity(circuit.currentThdPct, '%')}`,
  ].join(', ');
}

function quantity(value: number | null, unit: string): string {
  return value === null ? '–' : `${number(value)}${unit === '' ? '' : ` ${unit}`}`;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toPrecision(5)));
}
