import { CalibrationChannel, type CaptureCalibration } from '../calibration/calibration.ts';
import { discard, shortText, type Discarded } from './discarded.ts';
import { isJsonObject, parseJsonObject } from './json-object.ts';
import { isName, isPlainText } from './plain-text.ts';
import { readIdentity, readInstant, type ReportIdentity } from './report-identity.ts';
import { Check } from 'typebox/value';

/** Most frame bytes of one capture: 43 min of two channels at 6,400 Hz. */
export const maxCaptureBytes = 64 * 1024 * 1024;
const maxChannels = 64;
/** Largest |scale| and |offset|, and largest |value| of a sample: below it code · scale + offset cannot overflow. */
export const largestCaptureNumber = 1e300;

export type CaptureChannel = {
  /** Point id, e.g. `c1.currentA`. */
  readonly point: string;
  /** Unit of the values: `A`, `V`, `mA`, `°C` …; `""` when it has none. */
  readonly unit: string;
  /** value = code · scale + offset. */
  readonly scale: number;
  readonly offset: number;
};

/** JSON header at the start of chunk 0. design.md 5.1. */
export type CaptureHeader = ReportIdentity & {
  /** Instant of frame 0 in epoch ms; absent when the device sent no usable one. */
  readonly at?: number;
  readonly sampleRateHz: number;
  /** 50 or 60 as a rule; absent when not sent. */
  readonly mainsHz?: number;
  readonly channels: readonly CaptureChannel[];
  readonly frames: number;
  /** 0…frames−1; absent when not sent or out of range. */
  readonly triggerFrame?: number;
  /** Lowercase hex over all frame bytes. */
  readonly sha256: string;
  /** With what the samples were made into quantities; `none`: not calibrated; absent: the device does not say. */
  readonly calibration?: CaptureCalibration | 'none';
};

/** Reads and checks a capture header. Never throws. */
export function decodeCaptureHeader(bytes: Uint8Array): { kind: 'header'; header: CaptureHeader } | Discarded {
  const parsed = parseJsonObject(bytes);
  if (parsed.kind === 'discarded') return parsed;
  const { object } = parsed;
  const identity = readIdentity(object);
  if ('kind' in identity) return identity;
  const channels = readChannels(object['channels']);
  if ('kind' in channels) return channels;
  const { sampleRateHz, mainsHz, frames, triggerFrame, sha256 } = object;
  if (!isPositive(sampleRateHz)) return refuse('sampleRateHz', sampleRateHz, 'a number above 0');
  if (!isCount(frames)) return refuse('frames', frames, 'an integer from 0');
  if (frames * channels.length * 2 > maxCaptureBytes) {
    return discard(
      'limitExceeded',
      `${frames} frames of ${channels.length} channels, at most ${maxCaptureBytes} bytes expected`,
    );
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    return refuse('sha256', sha256, '64 lowercase hex digits');
  const at = readInstant(object['at']);
  const calibration = readCalibration(object['calibration']);
  const header = {
    ...identity,
    ...(typeof at === 'number' ? { at } : {}),
    sampleRateHz,
    ...(isPositive(mainsHz) ? { mainsHz } : {}),
    channels,
    frames,
    ...(isCount(triggerFrame) && triggerFrame < frames ? { triggerFrame } : {}),
    sha256,
    ...(calibration !== undefined && { calibration }),
  };
  return { kind: 'header', header };
}

/** A bad statement of the calibration costs no evidence: it counts as none made. */
function readCalibration(value: unknown): CaptureCalibration | 'none' | undefined {
  if (value === 'none') return 'none';
  if (!isJsonObject(value)) return undefined;
  const { id, version, calibratedAt, by, channels } = value;
  if (!isPlainText(id, 80) || !isCount(version) || !isPlainText(by, 128) || !Array.isArray(channels)) return undefined;
  const instant = readInstant(calibratedAt);
  if (typeof instant !== 'number' || channels.length > maxChannels) return undefined;
  if (!channels.every((channel) => Check(CalibrationChannel, channel))) return undefined;
  const own = channels.map(({ point, gain, offset, phaseUs }) => ({ point, gain, offset, phaseUs }));
  return { id, version, calibratedAt: instant, by, channels: own };
}

function readChannels(value: unknown): readonly CaptureChannel[] | Discarded {
  if (!Array.isArray(value) || value.length === 0 || value.length > maxChannels) {
    return refuse('channels', value, `an array of 1…${maxChannels}`);
  }
  const channels: CaptureChannel[] = [];
  for (const [index, channel] of (value as unknown[]).entries()) {
    if (!isJsonObject(channel)) return refuse(`channels[${index}]`, channel, 'an object');
    const { point, unit = '', scale, offset } = channel;
    if (!isName(point)) return refuse(`channels[${index}].point`, point, 'a name of 1…64 characters');
    if (unit !== '' && !isPlainText(unit, 16)) return refuse(`channels[${index}].unit`, unit, 'at most 16 characters');
    if (!isBounded(scale)) return refuse(`channels[${index}].scale`, scale, 'a number within ±1e300');
    if (!isBounded(offset)) return refuse(`channels[${index}].offset`, offset, 'a number within ±1e300');
    channels.push({ point, unit, scale, offset });
  }
  return channels;
}

function refuse(field: string, value: unknown, expectation: string): Discarded {
  const reason = value === undefined ? 'missingField' : 'invalidField';
  return discard(reason, `capture header: ${field} is ${shortText(value)}, ${expectation} expected`);
}

function isBounded(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= largestCaptureNumber;
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Infinity;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
