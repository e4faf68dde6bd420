import './evidence.css';
import { readEvidence, type DeviceEventRecord } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import { pointName } from '../locale/words.ts';
import { namedWords, sureness } from './load-words.ts';

/** Loads that were switched on a device, newest first. */
export function LoadEvents({ events }: { readonly events: readonly DeviceEventRecord[] }) {
  const { t } = useTranslation();
  return (
    <ul className="load-events" data-testid="load-events">
      {events.map((event) => {
        const evidence = readEvidence(event.evidence);
        const load = evidence?.schema === 'load/1' ? evidence : undefined;
        return (
          <li key={`${event.at} ${event.point} ${load?.loadEventId ?? ''}`}>
            <span className="mono muted">{formatInstant(event.at)}</span>
            <span className={`direction ${event.kind}`}>{t(event.kind === 'loadOn' ? 'load.on' : 'load.off')}</span>
            <b>{load === undefined ? t('load.unknown') : namedWords(t, load.recognition.named)}</b>
            <span className="muted">
              {pointName(t, event.point)}
              {load === undefined ? '' : ` · ${formatQuantity(Math.abs(load.switching.activePowerW), 'W')}`}
              {load?.recognition.named === undefined ? '' : ` · ${sureness(load.recognition.named.confidence)}`}
            </span>
            {event.captureId === undefined ? null : (
              <Link to="/captures/$captureId" params={{ captureId: event.captureId }}>
                {t('load.fingerprint')}
              </Link>
            )}
          </li>
        );
      })}
    </ul>
  );
}
