import type { Calibration, CalibrationChannel } from '@fengsui/protocol';
import type { SampleSource, SourceBlock } from '../source/sample-source.ts';
import { commonDelayFrames, createChannelCorrector, type ChannelCorrector } from './channel-corrector.ts';

type Corrected = {
  readonly voltageV?: ChannelCorrector;
  readonly currentA: ChannelCorrector;
  readonly residualCurrentMa?: ChannelCorrector;
};
type Circuit = { -readonly [Key in keyof SourceBlock['circuits'][number]]: SourceBlock['circuits'][number][Key] };

/**
 * The samples of a board as quantities. The block that comes back is written anew by the next call; without a
 * calibration it is the block itself. Nothing is allocated per block, as long as blocks keep their length.
 *
 * @param calibration covers the channels of the source (`misfitOf`).
 */
export function createBlockCorrector(
  source: Pick<SampleSource, 'circuits' | 'sampleRateHz' | 'mainsHz'>,
  calibration: Pick<Calibration, 'channels'> | undefined,
): (block: SourceBlock) => SourceBlock {
  if (calibration === undefined || calibration.channels.every(isNeutral)) return (block) => block;
  const delayFrames = commonDelayFrames(calibration.channels, source);
  const correctorOf = (point: string): ChannelCorrector => {
    const channel = calibration.channels.find((candidate) => candidate.point === point);
    if (channel === undefined) throw new RangeError(`the calibration is without ${point}`);
    return createChannelCorrector(channel, delayFrames, source);
  };
  const sharing = source.circuits.find(({ hasOwnVoltage }) => hasOwnVoltage !== true);
  const shared = sharing === undefined ? undefined : correctorOf(`${sharing.prefix}.voltageV`);
  const correctors = source.circuits.map(({ prefix, hasOwnVoltage, hasResidual }): Corrected => ({
    ...(hasOwnVoltage === true && { voltageV: correctorOf(`${prefix}.voltageV`) }),
    currentA: correctorOf(`${prefix}.currentA`),
    ...(hasResidual && { residualCurrentMa: correctorOf(`${prefix}.residualCurrentMa`) }),
  }));
  const room = new Room();
  const circuits = correctors.map((): Circuit => ({ currentA: new Float64Array(0) }));
  const result: { -readonly [Key in 'voltageV' | 'circuits' | 'temperaturesC']-?: NonNullable<SourceBlock[Key]> } = {
    voltageV: new Float64Array(0),
    circuits,
    temperaturesC: [],
  };

  return (block) => {
    room.begin(block.voltageV.length);
    result.voltageV = shared === undefined ? block.voltageV : room.corrected(shared, block.voltageV);
    result.temperaturesC = block.temperaturesC ?? [];
    for (let index = 0; index < correctors.length; index++) {
      const corrector = correctors[index];
      const raw = block.circuits[index];
      const own = circuits[index];
      if (corrector === undefined || raw === undefined || own === undefined) continue;
      own.currentA = room.corrected(corrector.currentA, raw.currentA);
      if (corrector.voltageV !== undefined && raw.voltageV !== undefined)
        own.voltageV = room.corrected(corrector.voltageV, raw.voltageV);
      if (corrector.residualCurrentMa !== undefined && raw.residualCurrentMa !== undefined)
        own.residualCurrentMa = room.corrected(corrector.residualCurrentMa, raw.residualCurrentMa);
      else if (own.residualCurrentMa !== undefined) delete own.residualCurrentMa;
    }
    return result;
  };
}

const isNeutral = ({ gain, offset, phaseUs }: CalibrationChannel): boolean =>
  gain === 1 && offset === 0 && phaseUs === 0;

/** Arrays that are used again for every block of the same length. */
class Room {
  #arrays: Float64Array[] = [];
  #length = 0;
  #used = 0;

  begin(length: number): void {
    if (length !== this.#length) this.#arrays = [];
    this.#length = length;
    this.#used = 0;
  }

  corrected(corrector: ChannelCorrector, input: Float64Array): Float64Array {
    const output = (this.#arrays[this.#used++] ??= new Float64Array(this.#length));
    corrector.process(input, output);
    return output;
  }
}
