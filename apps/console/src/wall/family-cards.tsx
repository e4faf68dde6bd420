import type { Overview } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../format/quantity.ts';
import { familyName } from '../locale/words.ts';
import { shownFamilies } from '../venue/choose-curves.ts';

/** The sensor families, those that device models bring behind the four of the product: how many report, of how many, and how many alarm. A dash while it is not known. */
export function FamilyCards(props: { readonly overview: Overview | undefined; readonly isStale: boolean }) {
  const { overview, isStale } = props;
  const { t } = useTranslation();
  const others = (overview?.families ?? []).filter(
    ({ family, deviceCount }) => !shownFamilies.includes(family) && family !== 'other' && deviceCount > 0,
  );
  return (
    <div className={`family-cards${isStale ? ' is-stale' : ''}`}>
      {[...shownFamilies, ...others.map(({ family }) => family)].map((family) => {
        const counts = overview?.families.find((entry) => entry.family === family);
        const offlineCount = counts ? counts.deviceCount - counts.onlineCount : 0;
        return (
          <div key={family} data-testid={`family-${family}`}>
            <span className="muted">{familyName(t, family)}</span>
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
