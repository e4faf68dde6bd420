import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmFigures } from '../alarm/alarm-figures.ts';
import { AlarmTitle } from '../alarm/alarm-title.tsx';
import { captureIdOf } from '../alarm/capture-id.ts';
import { PriorityPill } from '../alarm/priority-pill.tsx';
import { BearerLink } from '../alarm/bearer-link.tsx';
import { bearerOf } from '../alarm/bearer.ts';
import { usePlace } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { AlarmEvidence } from '../evidence/alarm-evidence.tsx';
import { Contributions } from '../evidence/contributions.tsx';
import { LocalActPanel } from '../evidence/local-act-panel.tsx';
import { Stopwatch } from '../format/age.tsx';
import { formatDataAge } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import { formatShare } from '../format/quantity.ts';
import type { Translate } from '../locale/i18n.ts';
import { pointName, stateName } from '../locale/words.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { AlarmWork } from '../work/alarm-work.tsx';
import { AlarmVerdictWords } from './alarm-verdict.tsx';
import { AlarmHistory } from './alarm-history.tsx';
import { AlarmResponse } from './alarm-response.tsx';
import { actMark } from './pending-act.ts';

/** Everything about one alarm: what, where, how sure, why it was raised, what happened since. */
export function AlarmDetail({
  alarm,
  actions,
  incident,
}: {
  readonly alarm: Alarm;
  readonly actions: ReactNode;
  /** What people do about it together. */
  readonly incident: ReactNode;
}) {
  const { t } = useTranslation();
  const place = usePlace(alarm);
  const bearer = bearerOf(alarm);
  const { name, value, limit } = alarmFigures(t, alarm);
  const history = useQuery(queries.history(alarm.id, `${actMark(alarm)}|${alarm.count}|${alarm.level}`));
  const captureId = captureIdOf(alarm);
  return (
    <>
      <div className="detail-head">
        <PriorityPill alarm={alarm} />
        <h2>
          <AlarmTitle alarm={alarm} />
        </h2>
        <OriginTag origin={alarm.origin} />
        <span className="detail-age">
          <Stopwatch since={alarm.raisedAt} />
        </span>
      </div>
      <p className="detail-place">{place.venue}</p>
      <p className="muted">{place.spot}</p>
      <LocalActPanel alarm={alarm} />
      <div className="detail-actions">{actions}</div>
      {incident}
      <AlarmResponse alarm={alarm} />
      <AlarmWork alarm={alarm} />
      <Contributions alarm={alarm} />
      <dl className="facts">
        <dt>{t('detail.state')}</dt>
        <dd data-testid="detail-state">{stateName(t, alarm)}</dd>
        <AlarmVerdictWords alarm={alarm} />
        <dt>{t('detail.category')}</dt>
        <dd>
          {t(`category.${alarm.category}`)} · {t(`level.${alarm.level}`)}
        </dd>
        <dt>{t('detail.value')}</dt>
        <dd>{value === undefined ? t('detail.notStated') : name === undefined ? value : `${name} ${value}`}</dd>
        <dt>{t('detail.limit')}</dt>
        <dd>{limit ?? t('detail.notStated')}</dd>
        <dt>{t('detail.confidence')}</dt>
        <dd>{alarm.confidence === undefined ? t('detail.notStated') : formatShare(alarm.confidence)}</dd>
        <dt>{t('detail.source')}</dt>
        <dd>{sourceWords(t, alarm)}</dd>
        <dt>{t('detail.raisedAt')}</dt>
        <dd>{formatInstant(alarm.raisedAt)}</dd>
        <dt>{t('detail.receivedAt')}</dt>
        <dd>
          {formatInstant(alarm.receivedAt)}{' '}
          <span className="muted">
            {t('detail.delay', { age: formatDataAge(Date.parse(alarm.receivedAt) - Date.parse(alarm.raisedAt)) })}
          </span>
          {alarm.maintenance ? <span className="tag">{t('desk.maintenance')}</span> : null}
          {alarm.late ? <span className="tag">{t('desk.late')}</span> : null}
        </dd>
        {alarm.acknowledgedAt === undefined ? null : (
          <>
            <dt>{t('detail.acknowledged')}</dt>
            <dd>
              {t('detail.acknowledgedBy', {
                time: formatInstant(alarm.acknowledgedAt),
                who: alarm.acknowledgedBy ?? '–',
              })}
            </dd>
          </>
        )}
        {alarm.clearedAt === undefined ? null : (
          <>
            <dt>{t('detail.clearedAt')}</dt>
            <dd>{formatInstant(alarm.clearedAt)}</dd>
          </>
        )}
        {alarm.shelvedUntil === undefined ? null : (
          <>
            <dt>{t('detail.shelvedUntil')}</dt>
            <dd>{formatInstant(alarm.shelvedUntil)}</dd>
          </>
        )}
        <dt>{t('detail.count')}</dt>
        <dd>{alarm.count}</dd>
        <dt>{t('detail.venue')}</dt>
        <dd>
          {alarm.venueId === '' ? (
            place.venue
          ) : (
            <Link to="/venues/$venueId" params={{ venueId: alarm.venueId }}>
              {place.venue}
            </Link>
          )}
        </dd>
        <dt>{t('detail.device')}</dt>
        <dd>
          {bearer === undefined ? (
            <Link to="/devices/$deviceId" params={{ deviceId: alarm.deviceId }} search={{ point: alarm.pointId }}>
              {place.device}
            </Link>
          ) : (
            <BearerLink bearer={bearer}>{place.device}</BearerLink>
          )}
        </dd>
        {bearer === undefined && (
          <>
            <dt>{t('detail.point')}</dt>
            <dd>
              {pointName(t, alarm.pointId)} <span className="muted mono">{alarm.pointId}</span>
            </dd>
          </>
        )}
        <dt>{t('detail.origin')}</dt>
        <dd>{t(`origin.${alarm.origin}`)}</dd>
        <dt>{t('detail.id')}</dt>
        <dd className="mono muted">{alarm.id}</dd>
      </dl>
      {captureId === undefined ? (
        <p className="muted">{t('detail.noCapture')}</p>
      ) : (
        <Link
          className="button"
          to="/captures/$captureId"
          params={{ captureId }}
          search={{ point: alarm.pointId }}
          data-testid="open-capture"
        >
          {t('detail.capture')}
        </Link>
      )}
      <AlarmEvidence alarm={alarm} />
      <h3>{t('detail.history')}</h3>
      <AlarmHistory history={history.data} error={history.error} onRetry={() => void history.refetch()} />
    </>
  );
}

/** Why it is an alarm: the centre's rule names a limit or itself, a device's event does not. */
function sourceWords(t: Translate, alarm: Alarm): string {
  if (alarm.unmapped) return t('detail.sourceUnmapped');
  if (alarm.contributions !== undefined) return t('detail.sourceConcluded');
  if (alarm.limit !== undefined) return t('detail.sourceRule');
  if (alarm.ruleId !== undefined) return t('detail.sourceRuleOf', { id: alarm.ruleId });
  return alarm.confidence === undefined
    ? t('detail.sourceDevicePlain')
    : t('detail.sourceDevice', { confidence: formatShare(alarm.confidence) });
}
