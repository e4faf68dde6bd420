import type { CycleHarmonics } from '@fengsui/signal';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSize } from '../chart/use-size.ts';
import { formatNumber, formatQuantity } from '../format/quantity.ts';
import { harmonicShares, shareScale } from './harmonic-shares.ts';

const height = 200;
const left = 38;
const right = 8;
const bottom = 20;

export type HarmonicBarsProps = { readonly harmonics: CycleHarmonics; readonly unit: string };

/** Below a hundredth of a per cent is the noise of 16-bit samples; its digits would say nothing. */
function shareWords(percent: number | undefined): string {
  return percent !== undefined && percent > 0 && percent < 0.01 ? '< 0.01' : formatNumber(percent);
}

/**
 * Harmonics 1..40 in per cent of the fundamental. The scale is set by the harmonics above the first; the fundamental is
 * cut at the top and its size written out, else every other bar would vanish beside its 100 %.
 */
export function HarmonicBars({ harmonics, unit }: HarmonicBarsProps) {
  const { t } = useTranslation();
  const [isTable, setTable] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  const width = Math.max(240, useSize(room).width);
  const shares = harmonicShares(harmonics.rms);
  const scale = shareScale(shares ?? []);
  const slot = (width - left - right) / 40;
  const y = (percent: number): number => (height - bottom) * (1 - Math.min(1, percent / scale));
  if (!shares) return <p className="empty">{t('capture.noFundamental')}</p>;
  return (
    <div ref={room}>
      <p className="muted harmonics-words">
        <span>{t('capture.fundamental', { value: formatQuantity(harmonics.rms[1], unit) })}</span>
        <span>
          THD <b data-testid="capture-thd">{formatQuantity(harmonics.thdPct, '%')}</b>
        </span>
        <button type="button" className="plain" onClick={() => setTable(!isTable)}>
          {t(isTable ? 'capture.chart' : 'capture.table')}
        </button>
      </p>
      {isTable ? (
        <div className="harmonics-table">
          {shares.map((percent, i) => (
            <span key={i}>
              <i className="muted">{i + 1}</i> {shareWords(percent)}
            </span>
          ))}
        </div>
      ) : (
        <svg
          className="harmonics"
          width={width}
          height={height}
          role="img"
          aria-label={`${t('capture.harmonics')}, ${t('capture.harmonicsUnit')}`}
        >
          {[0, 0.5, 1].map((part) => (
            <g key={part}>
              <line x1={left} x2={width} y1={y(part * scale)} y2={y(part * scale)} className="grid" />
              <text x={left - 5} y={y(part * scale) + (part === 1 ? 11 : 4)} className="axis end">
                {formatNumber(part * scale)}
              </text>
            </g>
          ))}
          {shares.map((percent, i) => {
            const top = y(percent ?? 0);
            return (
              <rect
                key={i}
                x={left + i * slot + 1}
                y={top}
                width={slot - 2}
                height={height - bottom - top}
                className={i % 2 === 0 ? 'odd' : 'even'}
              >
                <title>{`${i + 1}: ${formatNumber(percent)} %`}</title>
              </rect>
            );
          })}
          <path d={`M${left} 12 l${slot} -4 M${left} 17 l${slot} -4`} className="cut" />
          {[1, 5, 10, 15, 20, 25, 30, 35, 40].map((order) => (
            <text key={order} x={left + (order - 0.5) * slot} y={height - 5} className="axis middle">
              {order}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}
