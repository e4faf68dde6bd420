import type { LoadEvidence } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../format/quantity.ts';
import { shareScale } from '../capture/harmonic-shares.ts';
import { harmonicPercents, trajectoryPoints } from './shape-overlay.ts';

type Shape = LoadEvidence['shape'];
type Overlay = { readonly shape: Shape; readonly baseline: Shape | undefined };

const side = 200;

/** V-I trajectory of the load's own current, the baseline dashed behind it; each scaled to its own peak. */
export function TrajectoryOverlay({ shape, baseline }: Overlay) {
  const { t } = useTranslation();
  const axis = { className: 'grid' };
  return (
    <svg className="trajectory" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={t('load.trajectory')}>
      <line x1={8} x2={side - 8} y1={side / 2} y2={side / 2} {...axis} />
      <line x1={side / 2} x2={side / 2} y1={8} y2={side - 8} {...axis} />
      {baseline ? <polygon points={trajectoryPoints(baseline, side, 12)} className="path baseline" /> : null}
      <polygon points={trajectoryPoints(shape, side, 12)} className="path" />
    </svg>
  );
}

const height = 170;
const width = 320;
const left = 34;
const foot = 18;

/** Harmonics 2..15 in per cent of the fundamental: the load's as bars, the baseline's as ticks. */
export function HarmonicOverlay({ shape, baseline }: Overlay) {
  const { t } = useTranslation();
  const own = harmonicPercents(shape);
  const other = baseline === undefined ? [] : harmonicPercents(baseline);
  const scale = shareScale([100, ...own, ...other]);
  const slot = (width - left) / own.length;
  const y = (percent: number): number => (height - foot) * (1 - Math.min(1, percent / scale));
  return (
    <svg className="harmonics" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('load.harmonics')}>
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line x1={left} x2={width} y1={y(part * scale)} y2={y(part * scale)} className="grid" />
          <text x={left - 4} y={y(part * scale) + (part === 1 ? 11 : 4)} className="axis end">
            {formatNumber(part * scale)}
          </text>
        </g>
      ))}
      {own.map((percent, index) => {
        const x = left + index * slot;
        const reference = other[index];
        return (
          <g key={index}>
            {percent === undefined ? null : (
              <rect
                x={x + 2}
                y={y(percent)}
                width={slot - 4}
                height={height - foot - y(percent)}
                className={index % 2 === 0 ? 'even' : 'odd'}
              >
                <title>{`${index + 2}: ${formatNumber(percent)} %`}</title>
              </rect>
            )}
            {reference === undefined ? null : (
              <line x1={x + 0.5} x2={x + slot - 0.5} y1={y(reference)} y2={y(reference)} className="reference">
                <title>{`${index + 2}: ${formatNumber(reference)} %`}</title>
              </line>
            )}
            <text x={x + slot / 2} y={height - 4} className="axis middle">
              {index + 2}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
