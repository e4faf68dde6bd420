import type { LoadEvidence } from '@fengsui/protocol';

type Shape = LoadEvidence['shape'];

/**
 * SVG points of a V-I trajectory in a square of side `size` with a margin. Each shape is scaled to its own peak: shapes are
 * compared, not sizes. The empty string when a channel is zero throughout.
 */
export function trajectoryPoints(shape: Shape, size: number, margin: number): string {
  const reach = size / 2 - margin;
  const peakOf = (values: readonly number[]): number => Math.max(...values.map(Math.abs));
  const [voltagePeak, currentPeak] = [peakOf(shape.voltageV), peakOf(shape.currentA)];
  if (!(voltagePeak > 0 && currentPeak > 0)) return '';
  return shape.voltageV
    .map((voltage, point) => {
      const x = size / 2 + (voltage / voltagePeak) * reach;
      const y = size / 2 - ((shape.currentA[point] ?? 0) / currentPeak) * reach;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** Harmonics 2..15 of a shape in per cent of its fundamental; an order the shape does not carry is undefined. */
export function harmonicPercents(shape: Shape): readonly (number | undefined)[] {
  return Array.from({ length: 14 }, (_, index) => {
    const found = shape.harmonics.find(({ order }) => order === index + 2);
    return found === undefined ? undefined : 100 * found.ratio;
  });
}
