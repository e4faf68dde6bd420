import './sound.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useIsSeatLocked } from '../account/seat-lock.ts';
import { usePermission } from '../account/use-session.ts';
import { useCentreNow } from '../format/age.tsx';
import { seatQueries } from './seat-api.ts';
import { unheardSeats } from './unheard-seats.ts';

/** On every page of a desk while no seat that sees the same venues can be heard. */
export function UnheardBar() {
  const { t } = useTranslation();
  const isSeat = usePermission('alarm.acknowledge');
  const isLocked = useIsSeatLocked();
  const now = useCentreNow(5_000);
  const { data = [] } = useQuery({ ...seatQueries.open(), enabled: isSeat && !isLocked });
  const n = unheardSeats(data, now);
  if (!isSeat || n === 0) return null;
  return (
    <p className="unheard-bar" role="alert" data-testid="unheard-bar">
      <Link to="/blind-spots">{t('sound.nobody', { n })}</Link>
    </p>
  );
}
