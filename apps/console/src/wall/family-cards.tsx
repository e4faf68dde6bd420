import type { Overview } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../format/quantity.ts';
import { shownFamilies } from '../venue/choose-curves.ts';

/** The four sensor families: how many report, of how many, and how many alarm. A dash while it is not known. */
export function FamilyCards(props: { readonly overview: Overview | undefined; readonly isStale: boolean }) {
  const { overview, isStale } = props;
  const { t } = useTranslation();
  return (
    <div className={`family-cards${isStale ? ' is-stale' : ''}`}>
      {shownFamilies.map((family) => {
        const counts = overview?.families.find((entry) => entry.family === family);
        const offlineCount = counts ? counts.deviceCount - counts.onlineCount : 0;
        return (
          <div key={family} data-testid={`family-${family}`}>
            <span className="muted">{t(`family.${family}`)}</span>
            <p>
              <b>{formatCount(counts?.onlineCount)}</b>
              <span className="muted"> / {formatCount(counts?.deviceCount)}</span>
            </p>
            <p className="notes">
              <span className={offlineCount > 0 ? 'offline-words' : 'muted'}>
                {counts ? t('wall.offline', { n: offlineCount }) : ''}
              </span>
              <span className={counts && counts.alarmingCount > 0 ? 'alarming' : 'muted'}>
                {counts ? t('wall.alarming', { n: counts.alarmingCount }) : ''}
              </span>
            </p>
          </div>
        );
      })}
    </div>
  );
}
