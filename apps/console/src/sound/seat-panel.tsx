import './sound.css';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { seatQueries } from './seat-api.ts';

/** Which seats of the same venues have a page open, and whether an alarm would be heard there. */
export function SeatPanel() {
  const { t } = useTranslation();
  const isSeat = usePermission('alarm.acknowledge');
  const { data, isError, error, refetch } = useQuery({ ...seatQueries.open(), enabled: isSeat });
  if (!isSeat) return null;
  const heardCount = data?.filter(({ sound }) => sound === 'tried').length;
  return (
    <section className="panel" aria-labelledby="seats-title" data-testid="seat-panel">
      <header>
        <h2 id="seats-title">{t('sound.seats')}</h2>
        {data === undefined ? null : (
          <span className="muted">{t('sound.seatsOf', { heard: heardCount, all: data.length })}</span>
        )}
      </header>
      {isError && data === undefined ? <ProblemNote error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? <p className="empty">{t('sound.noSeats')}</p> : null}
      <ul className="seat-list">
        {(data ?? []).map(({ id, username, role, sound, since, own }) => (
          <li key={id} data-testid="open-seat" data-sound={sound}>
            <span>
              {username} <span className="muted">· {t(`role.${role}`)}</span>
              {own ? (
                <>
                  {' '}
                  <span className="tag">{t('own.here')}</span>
                </>
              ) : null}
            </span>
            <span>
              {sound === 'tried' ? (
                t('sound.seat.tried')
              ) : (
                <>
                  <b className="warn-words">{t(`sound.seat.${sound}`)}</b>
                  <span className="muted"> → {t(`sound.todo.${sound}`)}</span>
                </>
              )}
            </span>
            <span className="muted">{t('sound.sinceWhen', { time: formatInstant(since) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
