import { codeOf, quantisationOf, type Quantisation } from '../recording/quantisation.ts';
import { checkRecording, type Recording } from '../recording/recording.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import { formatCfgInstant } from './cfg-instant.ts';

/** Revision of the standard a header is written for: 2013 adds the lines of the time code. */
type Revision = 1999 | 2013;

export type ComtradeOptions = {
  readonly station: string;
  readonly deviceId: string;
  readonly format: 'ASCII' | 'BINARY';
  /** States 0 or 1, one per frame. */
  readonly digitals?: readonly { readonly id: string; readonly normalState: 0 | 1; readonly values: Uint8Array }[];
};

/** Codes leave out what means missing: 0x8000 in BINARY, 99999 in ASCII. */
const largestCode = { BINARY: 32_767, ASCII: 99_998 } as const;
const missingTimestamp = 0xffffffff;

/**
 * Writes a COMTRADE pair after IEEE C37.111-1999: times in UTC, values primary, NaN as missing. Each value is wrong by
 * at most half a step of its channel. Without a trigger the trigger is the first sample, because the field is critical.
 *
 * @throws RangeError when the recording is malformed, has no `startedAt` (the field is critical, and an invented time
 * would be read as the truth), or a state is not 0 or 1.
 */
export function formatComtrade(
  recording: Recording,
  options: ComtradeOptions,
  revision: Revision = 1999,
): { cfg: string; dat: Uint8Array<ArrayBuffer> } {
  checkRecording(recording);
  const frames = recording.channels[0]?.values.length ?? 0;
  if (frames === 0) throw new RangeError('a recording of 0 frames, at least 1 expected');
  checkDigitals(options, frames);
  const quantisations = recording.channels.map(({ values }) => quantisationOf(values, largestCode[options.format]));
  // The last stamp must stay below the one that means missing.
  const durationUs = ((frames - 1) / recording.sampleRateHz) * 1e6;
  const timeMultiplier = Math.max(1, Math.ceil(durationUs / (missingTimestamp - 1)));
  const cfg = formatCfg(recording, options, quantisations, { frames, timeMultiplier, revision });
  const stampOf = (frame: number) => Math.round(((frame / recording.sampleRateHz) * 1e6) / timeMultiplier);
  const write = options.format === 'ASCII' ? formatAsciiDat : encodeBinaryDat;
  return { cfg, dat: write(recording, options, quantisations, frames, stampOf) };
}

function formatCfg(
  recording: Recording,
  options: ComtradeOptions,
  quantisations: readonly Quantisation[],
  { frames, timeMultiplier, revision }: { frames: number; timeMultiplier: number; revision: Revision },
): string {
  const { sampleRateHz, mainsHz, channels, startedAt, triggerFrame = 0 } = recording;
  if (startedAt === undefined) throw new RangeError('the recording has no startedAt, a COMTRADE file needs one');
  const { digitals = [], format } = options;
  const limits = format === 'BINARY' ? '-32767,32767' : '-99998,99998';
  const lines = [
    `${plain(options.station)},${plain(options.deviceId)},${revision}`,
    `${channels.length + digitals.length},${channels.length}A,${digitals.length}D`,
    ...channels.map(({ name, unit }, i) => {
      const { scale, offset } = quantisations[i] as Quantisation;
      return `${i + 1},${plain(name)},,,${plain(unit)},${scale},${offset},0,${limits},1,1,P`;
    }),
    ...digitals.map(({ id, normalState }, i) => `${i + 1},${plain(id)},,,${normalState}`),
    `${mainsHz}`,
    '1',
    `${sampleRateHz},${frames}`,
    formatCfgInstant(startedAt),
    formatCfgInstant(startedAt + (triggerFrame / sampleRateHz) * 1000),
    format,
    `${timeMultiplier}`,
    // Time code and local code: UTC. Quality of the time: not known to be locked (F), leap seconds not handled (3).
    ...(revision === 2013 ? ['0,0', 'F,3'] : []),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function formatAsciiDat(
  { channels }: Recording,
  { digitals = [] }: ComtradeOptions,
  quantisations: readonly Quantisation[],
  frames: number,
  stampOf: (frame: number) => number,
): Uint8Array<ArrayBuffer> {
  const lines: string[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const codes = channels.map(({ values }, i) => {
      const value = values[frame] as number;
      return Number.isNaN(value) ? 99_999 : codeOf(value, quantisations[i] as Quantisation, largestCode.ASCII);
    });
    lines.push([frame + 1, stampOf(frame), ...codes, ...digitals.map(({ values }) => values[frame])].join(','));
  }
  return encodeUtf8(`${lines.join('\r\n')}\r\n`);
}

function encodeBinaryDat(
  { channels }: Recording,
  { digitals = [] }: ComtradeOptions,
  quantisations: readonly Quantisation[],
  frames: number,
  stampOf: (frame: number) => number,
): Uint8Array<ArrayBuffer> {
  const recordBytes = 8 + channels.length * 2 + Math.ceil(digitals.length / 16) * 2;
  const bytes = new Uint8Array(frames * recordBytes);
  const view = new DataView(bytes.buffer);
  for (let frame = 0; frame < frames; frame += 1) {
    let offset = frame * recordBytes;
    view.setUint32(offset, frame + 1, true);
    view.setUint32(offset + 4, stampOf(frame), true);
    offset += 8;
    for (let i = 0; i < channels.length; i += 1, offset += 2) {
      const value = channels[i]?.values[frame] as number;
      const code = Number.isNaN(value) ? -0x8000 : codeOf(value, quantisations[i] as Quantisation, largestCode.BINARY);
      view.setInt16(offset, code, true);
    }
    for (const [i, { values }] of digitals.entries()) {
      const at = offset + Math.floor(i / 16) * 2;
      view.setUint16(at, view.getUint16(at, true) | ((values[frame] as number) << (i % 16)), true);
    }
  }
  return bytes;
}

function checkDigitals({ digitals = [] }: ComtradeOptions, frames: number): void {
  for (const { id, values } of digitals) {
    if (values.length !== frames) throw new RangeError(`${id} has ${values.length} states, ${frames} expected`);
    const odd = values.findIndex((value) => value > 1);
    if (odd >= 0) throw new RangeError(`${id} is ${values[odd]} at frame ${odd}, 0 or 1 expected`);
  }
}

/** Fields are separated by commas and lines by CR LF, so neither may stand in a name; at most 64 characters (1999 5.3.1). */
function plain(text: string): string {
  return text
    .replace(/[,\u0000-\u001f\u007f]/g, ' ')
    .trim()
    .slice(0, 64);
}
