import type { SampleSource, SourceBlock } from '../source/sample-source.ts';

/** Points of a capture, in order: the shared voltage under the name of the first circuit that has no other. */
export function capturePoints({ circuits }: Pick<SampleSource, 'circuits'>): readonly string[] {
  const shared = circuits.find(({ hasOwnVoltage }) => hasOwnVoltage !== true);
  const ofCircuits = circuits.flatMap(({ prefix, hasResidual, hasOwnVoltage }) => [
    ...(hasOwnVoltage === true ? [`${prefix}.voltageV`] : []),
    `${prefix}.currentA`,
    ...(hasResidual ? [`${prefix}.residualCurrentMa`] : []),
  ]);
  return shared === undefined ? ofCircuits : [`${shared.prefix}.voltageV`, ...ofCircuits];
}

/** Plans the reading of blocks: their values in the order of `capturePoints`, in a list that is reused. */
export function createCaptureValues({
  circuits,
}: Pick<SampleSource, 'circuits'>): (block: SourceBlock) => readonly Float64Array[] {
  const isShared = !circuits.every(({ hasOwnVoltage }) => hasOwnVoltage === true);
  const values: Float64Array[] = [];
  let missing = new Float64Array(0);
  const known = (samples: Float64Array | undefined, length: number): Float64Array => {
    if (samples !== undefined) return samples;
    if (missing.length !== length) missing = new Float64Array(length).fill(NaN);
    return missing;
  };
  return (block) => {
    const { length } = block.voltageV;
    let count = 0;
    if (isShared) values[count++] = block.voltageV;
    for (let index = 0; index < circuits.length; index++) {
      const circuit = circuits[index];
      const samples = block.circuits[index];
      if (circuit?.hasOwnVoltage === true) values[count++] = known(samples?.voltageV, length);
      values[count++] = known(samples?.currentA, length);
      if (circuit?.hasResidual === true) values[count++] = known(samples?.residualCurrentMa, length);
    }
    return values;
  };
}
