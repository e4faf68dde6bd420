import {
  createFieldbus,
  createIdleSource,
  loadFieldbus,
  meteringRemarks,
  openSource,
  systemClock,
  type Fieldbus,
  type OpenedSource,
  type SampleSource,
} from '@fengsui/terminal';
import type { TerminalCall } from './terminal-call.ts';

/** What a call of the terminal measures. */
export type OpenedCall = {
  readonly source: SampleSource;
  readonly fieldbus?: Fieldbus;
  /** Everything odd or limited about it, each in a sentence. */
  readonly remarks: readonly string[];
  readonly speed?: number;
  /** Prefixes of the circuits that are sampled or read. */
  readonly circuits: readonly string[];
};

/** @throws Error when something cannot be read or makes no sense together. */
export async function openCall(call: Pick<TerminalCall, 'source' | 'fieldbus' | 'repeat'>): Promise<OpenedCall> {
  const fieldbus = call.fieldbus === undefined ? undefined : createFieldbus(loadFieldbus(call.fieldbus), systemClock);
  const { source, remarks, speed }: OpenedSource =
    call.source === undefined
      ? { source: createIdleSource(), remarks: [] }
      : await openSource(call.source, { repeat: call.repeat, startAtMs: Date.now() });
  const sampled = source.circuits.map(({ prefix }) => prefix);
  const twice = [...(fieldbus?.points.keys() ?? [])].find((point) => isSampled(point, source));
  if (twice !== undefined)
    throw new Error(`${call.fieldbus}: ${twice} is sampled already, expected another circuit for the meter`);
  if (fieldbus !== undefined && (speed ?? 1) !== 1)
    throw new Error('--fieldbus: meters are read in real time, the source asks for another speed');
  const metered = [...(fieldbus?.points.keys() ?? [])]
    .map((point) => point.slice(0, 2))
    .filter((prefix) => prefix.startsWith('c'));
  return {
    source,
    remarks: [...remarks, ...(fieldbus === undefined ? [] : meteringRemarks(fieldbus, source))],
    circuits: [...new Set([...sampled, ...metered])],
    ...(fieldbus !== undefined && { fieldbus }),
    ...(speed !== undefined && { speed }),
  };
}

function isSampled(point: string, { circuits, temperatures }: SampleSource): boolean {
  const prefix = point.slice(0, 2);
  const circuit = circuits.find((candidate) => candidate.prefix === prefix);
  if (circuit === undefined) return temperatures.includes(prefix);
  return circuit.hasResidual || !point.endsWith('.residualCurrentMa');
}
