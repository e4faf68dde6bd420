import type { Device, DeviceHistoryEntry } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { zh } from '../locale/zh.ts';
import { pointName } from '../locale/words.ts';

/** What was done to the device and to those that stood in its place before, by whom, when, why; newest first. */
export function LifeHistory({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const history = useQuery(queries.deviceHistory(device.id));
  const place = history.data?.place ?? [];
  return (
    <section className="panel" aria-labelledby="history-title">
      <header>
        <h2 id="history-title">{t('life.history')}</h2>
      </header>
      {history.isError && !history.data ? (
        <ProblemNote error={history.error} onRetry={() => void history.refetch()} />
      ) : null}
      {place.length > 1 ? (
        <p className="place-chain muted">
          {t('life.place')}{' '}
          {[...place].reverse().map((id, index) => (
            <span key={id}>
              {index > 0 ? ' → ' : ''}
              {id === device.id ? (
                <b>
                  {id} ({t('life.present')})
                </b>
              ) : (
                <Link to="/devices/$deviceId" params={{ deviceId: id }} search={{ tab: 'life' }}>
                  {id}
                </Link>
              )}
            </span>
          ))}
        </p>
      ) : null}
      {history.data?.items.length === 0 ? <p className="empty">{t('life.historyEmpty')}</p> : null}
      <ol className="history-list">
        {(history.data?.items ?? []).map((entry, index) => (
          <HistoryLine key={`${entry.at}${index}`} entry={entry} ownId={device.id} />
        ))}
      </ol>
    </section>
  );
}

function HistoryLine({ entry, ownId }: { readonly entry: DeviceHistoryEntry; readonly ownId: string }) {
  const { t } = useTranslation();
  const { at, by, kind, from, to, reason, passed, point, otherDeviceId, deviceId } = entry;
  return (
    <li data-testid="history-line" data-kind={kind}>
      <time dateTime={at} className="muted">
        {formatInstant(at)}
      </time>
      <span>
        <b>{t(`life.kind.${kind}`)}</b>{' '}
        {from && to ? t('life.from', { from: t(`life.state.${from}`), to: t(`life.state.${to}`) }) : null}
        {kind === 'registered' && to ? t(`life.state.${to}`) : null}
        {passed === undefined ? null : (
          <span className={passed ? '' : 'warn-words'}>{passed ? t('life.passed') : t('life.failed')}</span>
        )}
        {point ? ` · ${pointName(t, point)}` : ''}
        {otherDeviceId ? ` · ${t('life.other', { id: otherDeviceId })}` : ''}
        {deviceId === ownId ? null : <span className="tag history-other">{deviceId}</span>}
        <span className="sub muted">
          {isKey(zh.life.by, by) ? t(`life.by.${by}`) : by}
          {reason ? ` · ${isKey(zh.life.why, reason) ? t(`life.why.${reason}`) : reason}` : ''}
        </span>
      </span>
    </li>
  );
}

/** Names and reasons that the centre itself writes into a history; people's own words stay as they are. */
function isKey<Words extends object>(words: Words, key: string): key is string & keyof Words {
  return Object.hasOwn(words, key);
}
