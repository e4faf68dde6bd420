import './evidence.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { LoadEvents } from './load-events.tsx';

type LoadHistoryProps = { readonly deviceId: string; readonly venueId: string };

/**
 * What was switched on and off lately. When shows how people live: whoever does not belong to the venue says why he
 * looks, first.
 */
export function LoadHistory({ deviceId, venueId }: LoadHistoryProps) {
  const { t } = useTranslation();
  const { data, error } = useQuery(queries.loadEvents(deviceId));
  const [hasAsked, setAsked] = useState(false);
  const isReasonNeeded = isProblem(error, 403) && error.code === 'reasonNeeded';
  if (!isReasonNeeded && (data === undefined || (data.length === 0 && !hasAsked))) return null;
  return (
    <section className="panel" aria-labelledby="device-loads">
      <header>
        <h2 id="device-loads">{t('load.recent')}</h2>
      </header>
      {isReasonNeeded ? (
        <ReasonForm deviceId={deviceId} venueId={venueId} onGiven={() => setAsked(true)} />
      ) : data === undefined || data.length === 0 ? (
        <p className="empty">{t('loadHistory.none')}</p>
      ) : (
        <LoadEvents events={data} />
      )}
    </section>
  );
}

function ReasonForm({ deviceId, venueId, onGiven }: LoadHistoryProps & { readonly onGiven: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const isSaid = reason.replace(/\s/g, '').length >= 4;
  const send = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await api.giveLoadHistoryReason(venueId, reason.trim());
      onGiven();
      await client.resetQueries({ queryKey: queries.loadEvents(deviceId).queryKey });
    } catch (error) {
      setFailure(problemWords(t, error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="load-reason"
      data-testid="load-reason"
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaid) void send();
      }}
    >
      <p>{t('loadHistory.why')}</p>
      <label>
        {t('loadHistory.reason')}{' '}
        <input maxLength={500} value={reason} onChange={({ target }) => setReason(target.value)} />
      </label>
      <button type="submit" disabled={isBusy || !isSaid}>
        {t('loadHistory.show')}
      </button>
      {failure === undefined ? null : (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
    </form>
  );
}
