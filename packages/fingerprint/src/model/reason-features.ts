/** The features in which a recognition is explained to a person, the most telling first. */
export const REASON_FEATURES: readonly string[] = [
  'nominalPowerLog',
  'displacementCos',
  'displacementSin',
  'nonresistive',
  'h3',
  'h5',
  'even',
  'crest',
  'peakAngle',
  'inrushLog',
];
