import { Type, type Static } from 'typebox';
import { Errors } from 'typebox/value';
import { conversionOf } from '../../modbus/unit-conversion.ts';
import { recordedBoardOf, type RecordedBoard } from '../recording-circuits.ts';

export const sampleFormats = ['s16le', 's32le', 'f32le'] as const;
export type SampleFormat = (typeof sampleFormats)[number];
export const bytesOfFormat: Readonly<Record<SampleFormat, number>> = { s16le: 2, s32le: 4, f32le: 4 };

const closed = { additionalProperties: false } as const;
const Channel = Type.Object(
  {
    /** As in a waveform CSV: `voltageV`, `c2.currentA`, `residualCurrentMa`, `t1.temperatureC`; `skip`: not used. */
    name: Type.String({ pattern: '^(skip|([ct][1-8]\\.)?(voltageV|currentA|residualCurrentMa|temperatureC))$' }),
    /** Of code × scale + offset; default: the unit of the name. */
    unit: Type.Optional(Type.String({ maxLength: 8 })),
    scale: Type.Number(),
    offset: Type.Optional(Type.Number()),
  },
  closed,
);

export const StreamHeader = Type.Object(
  {
    sampleRateHz: Type.Number({ minimum: 1000, maximum: 1_000_000 }),
    mainsHz: Type.Enum([50, 60]),
    format: Type.Enum([...sampleFormats]),
    /** In the order of the samples of one frame. */
    channels: Type.Array(Channel, { minItems: 1, maxItems: 64 }),
  },
  closed,
);
/** What a stream of samples is made of. */
export type StreamHeader = Static<typeof StreamHeader>;

/** Everything that is wrong with a header, each naming place and expectation; [] = it is a `StreamHeader`. */
export function streamHeaderProblems(document: unknown): readonly string[] {
  const shape = [...Errors(StreamHeader, document)].flatMap(({ instancePath, message }) =>
    message === 'schema is false'
      ? []
      : [`${instancePath === '' ? 'header' : instancePath.slice(1).replaceAll('/', '.')} ${message}`],
  );
  if (shape.length > 0) return [...new Set(shape)];
  const header = document as StreamHeader;
  const problems: string[] = [];
  const names = header.channels.map(({ name }) => name).filter((name) => name !== 'skip');
  header.channels.forEach(({ name, unit, scale }, index) => {
    if (name === 'skip') return;
    if (names.indexOf(name) !== names.lastIndexOf(name)) problems.push(`channels.${index}: ${name} is given twice`);
    if (unit !== undefined && conversionOf(name, unit) === undefined) {
      problems.push(`channels.${index}: unit is "${unit}", which no ${name} can be given in`);
    }
    if (scale === 0) problems.push(`channels.${index}: scale is 0, which leaves nothing of the samples`);
  });
  if (problems.length > 0) return problems;
  try {
    boardOfHeader(header);
  } catch (error) {
    return [`channels: ${error instanceof Error ? error.message : String(error)}`];
  }
  return [];
}

/** Circuits and temperatures of the channels; their values are empty. @throws RangeError without voltage or current. */
export function boardOfHeader({ channels }: StreamHeader): RecordedBoard {
  const used = channels.filter(({ name }) => name !== 'skip');
  return recordedBoardOf({ channels: used.map(({ name }) => ({ name, unit: '', values: new Float64Array(0) })) });
}

/** Turns the bytes of whole frames into values, one array per channel, in the unit of its name. */
export function decodeFrames(header: StreamHeader, bytes: Buffer, frames: number): readonly Float64Array[] {
  const { channels, format } = header;
  const width = bytesOfFormat[format];
  // One piece of memory for all: hundreds of small ones a second leave it in shreds.
  const all = new Float64Array(channels.length * frames);
  return channels.map(({ name, unit, scale, offset = 0 }, index) => {
    const values = all.subarray(index * frames, name === 'skip' ? index * frames : (index + 1) * frames);
    const factor = unit === undefined ? 1 : (conversionOf(name, unit) ?? NaN);
    for (let frame = 0; frame < values.length; frame++) {
      const at = (frame * channels.length + index) * width;
      const code =
        format === 's16le' ? bytes.readInt16LE(at) : format === 's32le' ? bytes.readInt32LE(at) : bytes.readFloatLE(at);
      values[frame] = (code * scale + offset) * factor;
    }
    return values;
  });
}
