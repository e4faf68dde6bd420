import { checkPositive } from '../argument-checks.ts';
import { LEAST_FRAMES_PER_CYCLE } from '../mains.ts';
import type { MainsHz } from '../mains.ts';
import { describeChannel } from './channel-shape.ts';
import type { ChannelShape } from './channel-shape.ts';
import { findClipping } from './clipping.ts';
import { dominantFrequencyHz } from './dominant-frequency.ts';
import type { Finding, FindingChannel } from './finding.ts';
import { findGaps } from './gaps.ts';

/** A whole recording; all arrays equally long. */
export type Recording = {
  readonly sampleRateHz: number;
  readonly mainsHz: MainsHz;
  readonly voltageV: Float64Array;
  readonly currentA: Float64Array;
  readonly residualCurrentMa?: Float64Array;
};

/** Fewer cycles than one 200 ms block (IEC 61000-4-30) say nothing about a state. */
const LEAST_CYCLES = 10;
/** A lock needs seven cycles; below this share of locked cycles the frequency is not the mains'. */
const LEAST_LOCKED_SHARE = 0.5;
const LEAST_VOLTAGE_V = 10;
/** Largest rated current of low-voltage switchgear in buildings (busbars 6300 A), rounded down. */
const MOST_CURRENT_A = 5000;
/** Levels at which low-voltage mains is measured, phase to neutral of 100 V systems to phase to phase of 400 V. */
const MAINS_LEVEL_V = { from: 80, to: 480 } as const;

/**
 * Names what is wrong with a recording; an empty list for a clean one.
 *
 * - `notANumber`: NaN or infinite samples, with the first frame. `tooShort`: fewer than 10 mains cycles.
 * - `lowSampleRate`: fewer than 32 samples per cycle; then nothing that needs cycles is looked at.
 * - `clipped`: flat tops with cut flanks (clipping.ts). `noVoltage`: less than 10 V rms without the mean.
 * - `dcOffset`: voltage mean above 2 % of its rms; current mean above 5 %, unless a second harmonic shows that the load
 *   itself is one-sided (a diode in a hair dryer). The median over cycles counts, so a decaying inrush does not.
 * - `wrongMains`: the voltage does not lock to the stated mains; the detail says which frequency there is.
 * - `wrongScale`, always `maybe`: a voltage outside 80–480 V rms, or more than 5 kA rms of current.
 * - `gap`: the voltage stands still or jumps (gaps.ts).
 * - `swapped`, always `maybe`: the current channel looks like a mains voltage (80–480 V rms, distortion below 10 %)
 *   while the voltage channel has no such level; or, at levels that prove nothing, the current is a clean sine and the
 *   voltage has a rectifier's rests at zero. It replaces `noVoltage` and `wrongMains`, which it explains.
 *
 * Throws RangeError when the channels have unequal lengths or the sampling rate is not a finite number above 0.
 *
 * @example diagnose({ sampleRateHz: 6400, mainsHz: 50, voltageV, currentA }).map((finding) => finding.kind)
 */
export function diagnose(recording: Recording): Finding[] {
  const { sampleRateHz, mainsHz, voltageV, currentA, residualCurrentMa } = recording;
  checkPositive('diagnose', 'sampleRateHz', sampleRateHz);
  const channels: [FindingChannel, Float64Array][] = [
    ['voltageV', voltageV],
    ['currentA', currentA],
  ];
  if (residualCurrentMa !== undefined) channels.push(['residualCurrentMa', residualCurrentMa]);
  if (channels.some(([, values]) => values.length !== voltageV.length)) {
    const lengths = channels.map(([name, values]) => `${name} ${values.length}`).join(', ');
    throw new RangeError(`diagnose: ${lengths} samples; expected equally many`);
  }
  const framesPerCycle = sampleRateHz / mainsHz;
  const findings = [
    ...findTooShort(voltageV.length, framesPerCycle, mainsHz),
    ...channels.flatMap(([channel, values]) => findNotANumber(channel, values)),
    ...channels.flatMap(([channel, values]) => findClipping(channel, values, framesPerCycle)),
  ];
  if (framesPerCycle < LEAST_FRAMES_PER_CYCLE) return [...findings, lowSampleRate(sampleRateHz, mainsHz)];
  const voltage = describeChannel(voltageV, sampleRateHz, mainsHz);
  const current = describeChannel(currentA, sampleRateHz, mainsHz);
  const swapped = findSwapped(voltage, current);
  return [
    ...findings,
    ...findDcOffset(voltage, current),
    ...swapped,
    ...(swapped.length > 0 ? [] : findWrongVoltage(recording, voltage, framesPerCycle)),
    ...(swapped.length > 0 ? [] : findWrongScale(voltage, current)),
    ...(swapped.length > 0 || voltage.acRms < LEAST_VOLTAGE_V ? [] : findGaps(voltageV, framesPerCycle)),
  ];
}

function findTooShort(frames: number, framesPerCycle: number, mainsHz: MainsHz): Finding[] {
  // Half a frame of slack, as a recording of exactly ten cycles may end one rounding early.
  if (frames + 0.5 >= LEAST_CYCLES * framesPerCycle) return [];
  const cycles = (frames / framesPerCycle).toFixed(1);
  const detail = `${frames} frames are ${cycles} cycles of ${mainsHz} Hz; expected at least ${LEAST_CYCLES} cycles`;
  return [{ kind: 'tooShort', channel: 'recording', certainty: 'certain', detail }];
}

function findNotANumber(channel: FindingChannel, values: Float64Array): Finding[] {
  const firstFrame = values.findIndex((value) => !Number.isFinite(value));
  if (firstFrame < 0) return [];
  const count = values.filter((value) => !Number.isFinite(value)).length;
  const detail = `${count} of ${values.length} samples are not finite, the first at frame ${firstFrame} is ${values[firstFrame]}; expected numbers`;
  return [{ kind: 'notANumber', channel, certainty: 'certain', detail, firstFrame }];
}

function lowSampleRate(sampleRateHz: number, mainsHz: MainsHz): Finding {
  const detail =
    `${sampleRateHz} Hz are ${(sampleRateHz / mainsHz).toFixed(1)} samples per cycle of ${mainsHz} Hz; ` +
    `expected at least ${LEAST_FRAMES_PER_CYCLE} (${LEAST_FRAMES_PER_CYCLE * mainsHz} Hz)`;
  return { kind: 'lowSampleRate', channel: 'recording', certainty: 'certain', detail };
}

function findDcOffset(voltage: ChannelShape, current: ChannelShape): Finding[] {
  const findings: Finding[] = [];
  // Without lock the mean is over nominal cycles, and what they miss of the true period leaks into it.
  const caution = (shape: ChannelShape): number => (shape.lockedShare > 0 ? 1 : 5);
  if (Math.abs(voltage.dc) > Math.max(0.02 * caution(voltage) * voltage.acRms, 1e-9)) {
    findings.push(dcOffset('voltageV', voltage, 'V', 2));
  }
  const oneSided = current.secondHarmonicRms > 0.25 * Math.abs(current.dc);
  // Below 10 mA an offset is the sensor's own and changes no reading.
  if (Math.abs(current.dc) > Math.max(0.05 * caution(current) * current.acRms, 0.01) && !oneSided) {
    findings.push(dcOffset('currentA', current, 'A', 5));
  }
  return findings;
}

function dcOffset(channel: FindingChannel, shape: ChannelShape, unit: string, limitPct: number): Finding {
  const detail =
    `mean ${shape.dc.toPrecision(4)} ${unit} beside ${shape.acRms.toPrecision(4)} ${unit} rms of alternating signal; ` +
    `expected at most ${limitPct} % of it`;
  return { kind: 'dcOffset', channel, certainty: 'certain', detail };
}

function findSwapped(voltage: ChannelShape, current: ChannelShape): Finding[] {
  const isLevel = (rms: number): boolean => rms >= MAINS_LEVEL_V.from && rms <= MAINS_LEVEL_V.to;
  const currentIsClean = current.lockedShare > LEAST_LOCKED_SHARE && current.thdPct < 10;
  const byLevel = isLevel(current.acRms) && voltage.acRms < MAINS_LEVEL_V.from && currentIsClean;
  const voltageRests = voltage.thdPct > 20 && voltage.restShare > 0.2 && voltage.lockedShare > LEAST_LOCKED_SHARE;
  const levelsAreRight = isLevel(voltage.acRms) && !isLevel(current.acRms);
  const byShape = voltageRests && currentIsClean && current.thdPct < 8 && !levelsAreRight;
  if (!byLevel && !byShape) return [];
  const describe = (shape: ChannelShape, unit: string): string =>
    `${shape.acRms.toPrecision(4)} ${unit} rms with ${Number.isNaN(shape.thdPct) ? 'unknown' : shape.thdPct.toFixed(1)} % distortion`;
  const detail =
    `voltage channel ${describe(voltage, 'V')}, current channel ${describe(current, 'A')}; ` +
    'expected the clean sine of mains level on the voltage channel: the two may be swapped';
  return [{ kind: 'swapped', channel: 'recording', certainty: 'maybe', detail }];
}

function findWrongScale(voltage: ChannelShape, current: ChannelShape): Finding[] {
  const findings: Finding[] = [];
  const { from, to } = MAINS_LEVEL_V;
  if (voltage.acRms >= LEAST_VOLTAGE_V && (voltage.acRms < from || voltage.acRms > to)) {
    const detail = `${voltage.acRms.toPrecision(4)} V rms; expected ${from} to ${to} V: check the scale of the channel`;
    findings.push({ kind: 'wrongScale', channel: 'voltageV', certainty: 'maybe', detail });
  }
  if (current.acRms > MOST_CURRENT_A) {
    const detail = `${current.acRms.toPrecision(4)} A rms; expected at most ${MOST_CURRENT_A} A: check the scale of the channel`;
    findings.push({ kind: 'wrongScale', channel: 'currentA', certainty: 'maybe', detail });
  }
  return findings;
}

function findWrongVoltage(recording: Recording, voltage: ChannelShape, framesPerCycle: number): Finding[] {
  const { voltageV, sampleRateHz, mainsHz } = recording;
  if (voltage.acRms < LEAST_VOLTAGE_V) {
    const detail = `${voltage.acRms.toPrecision(3)} V rms of alternating voltage; expected at least ${LEAST_VOLTAGE_V} V`;
    return [{ kind: 'noVoltage', channel: 'voltageV', certainty: 'certain', detail }];
  }
  // Too short to lock, or broken by NaN, says nothing about the frequency.
  if (voltageV.length < LEAST_CYCLES * framesPerCycle || !voltageV.every(Number.isFinite)) return [];
  if (voltage.lockedShare >= LEAST_LOCKED_SHARE) return [];
  const foundHz = dominantFrequencyHz(voltageV, sampleRateHz);
  const found = Number.isNaN(foundHz) ? 'no steady frequency' : `strongest tone at ${foundHz.toFixed(1)} Hz`;
  const detail = `${found}; expected ${mainsHz} Hz ± 17 %: check mainsHz and sampleRateHz (${sampleRateHz})`;
  return [{ kind: 'wrongMains', channel: 'voltageV', certainty: 'certain', detail }];
}
