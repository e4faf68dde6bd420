import type { RecordedChannel } from '@fengsui/protocol';
import { diagnoseRecording } from '../source/diagnose-recording.ts';
import type { SampleSource, SourceBlock, SourceNote } from '../source/sample-source.ts';
import { fail, ok, warn, wordsOf, type DoctorFinding } from './finding.ts';

const LOOK_S = 2;
const PATIENCE_MS = 10_000;

/** Reads two seconds of a source and names what is wrong with them, as `capture inspect` does. */
export async function checkSource(source: SampleSource): Promise<readonly DoctorFinding[]> {
  const frames = Math.round(LOOK_S * source.sampleRateHz);
  const blocks: SourceBlock[] = [];
  const notes: SourceNote[] = [];
  let count = 0;
  const abort = AbortSignal.timeout(PATIENCE_MS);
  try {
    for await (const block of source.blocks(abort)) {
      notes.push(...(block.notes ?? []));
      blocks.push(block);
      count += block.voltageV.length;
      if (count >= frames) break;
    }
  } catch (error) {
    return [fail('source', wordsOf(error), 'start what samples and look at its own messages')];
  }
  if (count < frames) {
    const detail = `${count} frames within ${PATIENCE_MS / 1000} s, ${frames} expected`;
    return [fail('source', detail, 'is the sampler running, and at the rate it says?')];
  }
  const { sampleRateHz, mainsHz } = source;
  const { findings, blocking } = diagnoseRecording({ sampleRateHz, mainsHz, channels: channelsOf(source, blocks) });
  const troubled = findings.map(({ prefix, channel, kind, certainty, detail }) => {
    const words = `${channel}: ${kind}${certainty === 'maybe' ? ' (maybe)' : ''}: ${detail}`;
    const remedy = 'check scale, wiring and range of this channel (fengsui capture inspect says more of a recording)';
    return blocking.length > 0 ? fail(`source ${prefix}`, words, remedy) : warn(`source ${prefix}`, words, remedy);
  });
  const lost = notes.filter(({ kind }) => kind !== 'stalled').length;
  return [
    ok('source', `${count} frames at ${sampleRateHz} Hz, ${source.circuits.map(({ prefix }) => prefix).join(', ')}`),
    ...troubled,
    ...(lost > 0
      ? [
          warn(
            'source',
            `${lost} gaps or broken blocks in ${LOOK_S} s`,
            'the sampler loses samples: larger buffers, less load',
          ),
        ]
      : []),
  ];
}

function channelsOf(source: SampleSource, blocks: readonly SourceBlock[]): readonly RecordedChannel[] {
  const joined = (pick: (block: SourceBlock) => Float64Array | undefined): Float64Array =>
    Float64Array.from(blocks.flatMap((block) => [...(pick(block) ?? [])]));
  return [
    { name: 'voltageV', unit: 'V', values: joined(({ voltageV }) => voltageV) },
    ...source.circuits.flatMap(({ prefix, hasResidual, hasOwnVoltage }, index): RecordedChannel[] => [
      { name: `${prefix}.currentA`, unit: 'A', values: joined(({ circuits }) => circuits[index]?.currentA) },
      ...(hasResidual
        ? [
            {
              name: `${prefix}.residualCurrentMa`,
              unit: 'mA',
              values: joined(({ circuits }) => circuits[index]?.residualCurrentMa),
            },
          ]
        : []),
      ...(hasOwnVoltage === true
        ? [{ name: `${prefix}.voltageV`, unit: 'V', values: joined(({ circuits }) => circuits[index]?.voltageV) }]
        : []),
    ]),
  ];
}
