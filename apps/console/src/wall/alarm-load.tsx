import type { AlarmFigures, Overview } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { formatNumber, formatShare } from '../format/quantity.ts';
import { useOverview } from './use-overview.ts';

/** Of all alarms, the most urgent first (ISA-18.2); P1 and P2 are the high ones. */
const WANTED = { high: 0.05, medium: 0.15, low: 0.8 } as const;

/** What the alarms of a day ask of who watches: lines in ten minutes, floods, and how urgent they are. */
export function AlarmLoad() {
  const { t } = useTranslation();
  const { overview } = useOverview();
  const { data, isError } = useQuery({
    ...queries.alarmFigures(originOf(overview)),
    enabled: overview !== undefined,
  });
  return (
    <section
      className={`panel alarm-load${isError ? ' is-stale' : ''}`}
      aria-labelledby="load-title"
      data-testid="alarm-load"
    >
      <header>
        <h2 id="load-title">{t('alarmLoad.title')}</h2>
        <span className="muted">{t('alarmLoad.day')}</span>
      </header>
      {data === undefined ? <p className="muted">{isError ? t('alarmLoad.unknown') : '–'}</p> : <Load figures={data} />}
    </section>
  );
}

function Load({ figures }: { readonly figures: AlarmFigures }) {
  const { t } = useTranslation();
  const { linesPerTenMinutes, isFlood, floodShare, staleCount, chatteringCount } = figures;
  const shareOf = (...wanted: readonly string[]): number =>
    figures.priorities
      .filter(({ priority }) => wanted.includes(priority))
      .reduce((sum, { share = 0 }) => sum + share, 0);
  const shares = { high: shareOf('P1', 'P2'), medium: shareOf('P3'), low: shareOf('P4') };
  return (
    <>
      <p className={isFlood ? 'offline-words' : ''}>
        {t(isFlood ? 'alarmLoad.flood' : 'alarmLoad.lines', {
          latest: linesPerTenMinutes.latest,
          most: linesPerTenMinutes.most,
          mean: formatNumber(linesPerTenMinutes.mean),
        })}
      </p>
      <p className="muted">
        {t('alarmLoad.state', { share: formatShare(floodShare), stale: staleCount, chattering: chatteringCount })}
      </p>
      {figures.alarmCount === 0 ? null : (
        <p className="muted">
          {(['high', 'medium', 'low'] as const)
            .map((name) =>
              t(`alarmLoad.${name}`, { share: formatShare(shares[name]), wanted: formatShare(WANTED[name]) }),
            )
            .join(' · ')}
        </p>
      )}
    </>
  );
}

/** A city of simulated devices has no live alarm: there its own are counted. */
const originOf = (overview: Overview | undefined): 'live' | 'simulated' =>
  overview?.origin === 'simulated' ? 'simulated' : 'live';
