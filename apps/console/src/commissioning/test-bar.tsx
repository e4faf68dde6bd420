import './commissioning.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useCentreNow } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { nameOf } from '../locale/words.ts';
import { commissioningQueries } from './commissioning-api.ts';

const MOST = 3;

/** On every page while a venue is on test: which, for how long, and what that means for the desk. */
export function TestBar() {
  const { t, i18n } = useTranslation();
  const mayRead = usePermission('registry.read');
  const now = useCentreNow(5_000);
  const { data = [] } = useQuery({ ...commissioningQueries.onTest(), enabled: mayRead });
  if (data.length === 0) return null;
  const words = (venue: (typeof data)[number]): string => {
    const { passed = 0, points = 0, endsAt = '', isEndingSoon = false } = venue.test ?? {};
    const time = formatDataAge(Math.max(0, Date.parse(endsAt) - now));
    const one = t('commissioning.barOne', { venue: nameOf(venue, i18n.language, venue.id), passed, points, time });
    return isEndingSoon ? `${one} ${t('commissioning.barEnding')}` : one;
  };
  const shown = data.slice(0, MOST).map(words);
  const rest = data.length > MOST ? [t('commissioning.more', { n: data.length - MOST })] : [];
  const [first] = data;
  return (
    <p className="test-bar" role="status" data-testid="test-bar">
      {data.length === 1 && first !== undefined ? (
        <Link to="/commissioning/$venueId" params={{ venueId: first.id }}>
          {t('commissioning.bar', { venues: shown.join('') })}
        </Link>
      ) : (
        <Link to="/commissioning">{t('commissioning.bar', { venues: [...shown, ...rest].join('，') })}</Link>
      )}
    </p>
  );
}
