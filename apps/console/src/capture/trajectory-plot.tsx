import type { Trajectory } from '@fengsui/signal';
import { useTranslation } from 'react-i18next';
import { formatQuantity } from '../format/quantity.ts';

const size = 230;
const centre = size / 2;
const reach = size / 2 - 18;

/** Current over voltage of one cycle, both scaled by their peaks; the peaks are written at the ends of the axes. */
export function TrajectoryPlot({ path, currentUnit }: { readonly path: Trajectory; readonly currentUnit: string }) {
  const { t } = useTranslation();
  const points = Array.from(
    path.voltage,
    (v, i) => `${(centre + v * reach).toFixed(1)},${(centre - (path.current[i] ?? 0) * reach).toFixed(1)}`,
  );
  const first = points[0];
  return (
    <svg className="trajectory" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('capture.trajectory')}>
      <line x1={centre - reach} x2={centre + reach} y1={centre} y2={centre} className="grid" />
      <line x1={centre} x2={centre} y1={centre - reach} y2={centre + reach} className="grid" />
      <polygon points={points.join(' ')} className="path" />
      {first ? <circle cx={first.split(',')[0]} cy={first.split(',')[1]} r="3" className="start" /> : null}
      <text x={size - 2} y={centre - 5} className="axis end">
        {formatQuantity(path.voltagePeakV, 'V')}
      </text>
      <text x={centre + 5} y={12} className="axis">
        {formatQuantity(path.currentPeakA, currentUnit)}
      </text>
    </svg>
  );
}
