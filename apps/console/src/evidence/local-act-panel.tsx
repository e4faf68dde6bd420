import './local-act.css';
import { localActionKind } from '@fengsui/alarm';
import type { Alarm } from '@fengsui/protocol';
import { useTranslation } from 'react-i18next';
import { formatInstant } from '../format/instant.ts';
import type { Translate } from '../locale/i18n.ts';
import { branchName, kindName, pointName } from '../locale/words.ts';
import { zh } from '../locale/zh.ts';
import type { LocalActCourse } from './local-act.ts';
import { useLocalAct } from './use-local-act.ts';

/** What a terminal did to a breaker by itself: is the circuit dead, why, since when, and that nothing here closes it. */
export function LocalActPanel({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const { course, isLost } = useLocalAct(alarm);
  if (alarm.kind !== localActionKind) return null;
  const branch = branchName(t, alarm.pointId) ?? (alarm.pointId === '' ? alarm.deviceId : pointName(t, alarm.pointId));
  const shown: LocalActCourse | undefined = course ?? (isLost ? { standing: 'untold', missing: [] } : undefined);
  if (shown === undefined) return <p className="muted">…</p>;
  const { standing } = shown;
  return (
    <section className={`local-act ${standing}`} data-testid="local-act" data-standing={standing}>
      <h3>{t(`localAct.head.${standing}`, { branch })}</h3>
      {isLost ? <p>{t('localAct.unreachable')}</p> : null}
      <ol>
        <li>
          <b>{t('localAct.order.cause')}</b>
          <CauseWords cause={shown.cause} />
        </li>
        <li>
          <b>{t('localAct.order.act')}</b>
          <span>
            {t(`localAct.act.${standing}`)} <Instant at={shown.actedAt} />
            {shown.missing.length === 0 ? null : (
              <ul>
                {shown.missing.map((code) => (
                  <li key={code}>{missingWords(t, code)}</li>
                ))}
              </ul>
            )}
            {shown.failure === undefined ? null : (
              <span className="sub">
                {t('localAct.failure')}: <q>{shown.failure}</q>
              </span>
            )}
            {shown.policyId === undefined ? null : (
              <span className="sub">{t('localAct.policy', { id: shown.policyId })}</span>
            )}
            {shown.toldAgainAt === undefined ? null : (
              <span className="sub">{t('localAct.toldAgain', { time: formatInstant(shown.toldAgainAt) })}</span>
            )}
          </span>
        </li>
        <li>
          <b>{t('localAct.order.next')}</b>
          <span>{t(`localAct.next.${alarm.state === 'normal' ? 'done' : standing}`)}</span>
        </li>
      </ol>
      <p className="rule">{t(`localAct.rule.${standing === 'dead' ? 'dead' : 'live'}`)}</p>
    </section>
  );
}

function CauseWords({ cause }: { readonly cause: LocalActCourse['cause'] | undefined }) {
  const { t } = useTranslation();
  if (cause === undefined) return <span>{t('localAct.unknownCause')}</span>;
  return (
    <span>
      {kindName(t, cause.kind)} · {branchName(t, cause.point) ?? cause.point} <Instant at={cause.at} />
    </span>
  );
}

function Instant({ at }: { readonly at: number | undefined }) {
  return at === undefined ? null : <time>{formatInstant(at)}</time>;
}

function missingWords(t: Translate, code: string): string {
  const { missing } = zh.localAct;
  return Object.hasOwn(missing, code) ? t(`localAct.missing.${code as keyof typeof missing}`) : code;
}
