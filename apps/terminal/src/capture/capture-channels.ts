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

/** Values in the order of `capturePoints`. */
export function captureValues(
  { circuits }: Pick<SampleSource, 'circuits'>,
  block: SourceBlock,
): readonly Float64Array[] {
  const missing = new Float64Array(block.voltageV.length).fill(NaN);
  const ofCircuits = circuits.flatMap(({ hasResidual, hasOwnVoltage }, index) => {
    const samples = block.circuits[index];
    return [
      ...(hasOwnVoltage === true ? [samples?.voltageV ?? missing] : []),
      samples?.currentA ?? missing,
      ...(hasResidual ? [samples?.residualCurrentMa ?? missing] : []),
    ];
  });
  return circuits.every(({ hasOwnVoltage }) => hasOwnVoltage === true) ? ofCircuits : [block.voltageV, ...ofCircuits];
}
