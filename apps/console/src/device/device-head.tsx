import type { Alarm, Device } from '@fengsui/protocol';
import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { DataAge } from '../format/age.tsx';
import { formatInstant } from '../format/instant.ts';
import { IsolateHere } from '../isolation/isolate-here.tsx';
import { useLiveView } from '../live/live-feed.tsx';
import { nameOf } from '../locale/words.ts';
import { presenceOf } from '../registry/device-presence.ts';
import { OriginTag } from '../shell/origin-mark.tsx';
import { SensorFaultNote } from './sensor-fault-note.tsx';
import { clockWords } from './clock-words.ts';

export type DeviceHeadProps = {
  readonly device: Device;
  /** Newest thing heard of it, epoch ms; 0 = nothing. */
  readonly newestAt: number;
  readonly alarms: readonly Alarm[];
};

/** Name, presence, place and what casts doubt on the device: the same above every part of its page. */
export function DeviceHead({ device, newestAt, alarms }: DeviceHeadProps) {
  const { t, i18n } = useTranslation();
  const { state } = useLiveView();
  const venues = useVenues();
  const maySeeValues = usePermission('telemetry.read');
  const { id, venueId, life, firmware, parentId, gbAddress, replaces, replacedBy } = device;
  const standing = presenceOf(device, state.presence.get(id)?.online);
  const isOnline = standing === 'online';
  // In stock or retired nobody expects to hear from it.
  const isMissed = standing !== 'notInPlace';
  const area = (i18n.language === 'en' ? device.areaEn : undefined) ?? device.area;
  return (
    <>
      <div className="page-title">
        <h1>{nameOf(device, i18n.language, id)}</h1>
        <OriginTag origin={device.origin} />
        <span
          className={`chip presence${isOnline ? '' : isMissed ? ' offline' : ' absent'}`}
          data-testid="presence"
          data-online={isOnline}
        >
          {isOnline || standing === 'offline'
            ? t(isOnline ? 'device.online' : 'device.offline')
            : t(`field.presence.${standing}`)}
        </span>
        <span className={`chip${life === 'active' ? '' : ' life-chip'}`} title={t(`life.meaning.${life}`)}>
          {t(`life.state.${life}`)}
        </span>
        {newestAt > 0 ? (
          <span className="muted">
            <AgeWords at={newestAt} />
          </span>
        ) : standing === 'never' ? null : (
          <span className="muted">{t('device.neverReported')}</span>
        )}
        {device.clockSuspect ? <span className="tag warn">{t('device.clockSuspect')}</span> : null}
        {isMissed ? (
          <span className="end">
            <IsolateHere target={{ venueId, deviceId: id }} />
          </span>
        ) : null}
      </div>
      <p className="muted device-facts">
        {device.name === undefined ? null : <span className="mono">{id}</span>}
        <span>
          {t('device.venue')}:{' '}
          <Link to="/venues/$venueId" params={{ venueId }}>
            {nameOf(venues.get(venueId), i18n.language, venueId)}
          </Link>
        </span>
        {area ? (
          <span>
            {t('device.area')}: {area}
          </span>
        ) : null}
        <span>
          {t('device.model')}: {device.model}
        </span>
        {firmware ? (
          <span>
            {t('device.firmware')}: {firmware}
          </span>
        ) : null}
        {gbAddress ? (
          <span>
            {t('field.csv.gbAddress')}: <span className="mono">{gbAddress}</span>
          </span>
        ) : null}
        <span>{t('device.interval', { seconds: device.reportingIntervalMs / 1000 })}</span>
        {maySeeValues ? (
          <span title={t('clock.why')} data-testid="clock">
            {t('clock.label')}: {clockWords(t, device.clockOffsetMs)}
          </span>
        ) : null}
        {parentId ? <DeviceLink label={t('device.parent')} id={parentId} /> : null}
        {replaces ? <DeviceLink label={t('life.kind.replaces')} id={replaces} /> : null}
      </p>
      <ScannedClaim />
      {device.identitySuspect ? <IdentityNote alarm={alarms.find(({ kind }) => kind === 'clonedIdentity')} /> : null}
      <SensorFaultNote device={device} />
      {device.revokedAt && life !== 'retired' ? (
        <p className="device-notice">{t('life.revokedAt', { time: formatInstant(device.revokedAt) })}</p>
      ) : null}
      {life !== 'active' ? (
        <p className="device-notice" data-testid="life-notice">
          {replacedBy ? (
            <Link to="/devices/$deviceId" params={{ deviceId: replacedBy }}>
              {t('life.replacedBy', { id: replacedBy })}
            </Link>
          ) : (
            t(`life.meaning.${life}`)
          )}
        </p>
      ) : null}
    </>
  );
}

/** Whoever scanned the label or the dialog of a claim code has it in the address, behind #. */
function ScannedClaim() {
  const { t } = useTranslation();
  const hash = useRouterState({ select: ({ location }) => location.hash });
  const [, code] = /^claim=((?:[2-9A-Z]{4}-){3}[2-9A-Z]{4})$/.exec(hash) ?? [];
  if (code === undefined) return null;
  return (
    <section className="panel" data-testid="scanned-claim">
      <h2>{t('life.claimCode')}</h2>
      <p className="scanned-code">{code}</p>
      <p className="muted">{t('life.scanned')}</p>
    </section>
  );
}

function IdentityNote({ alarm }: { readonly alarm: Alarm | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="panel identity-note" data-testid="identity-suspect">
      <h2>{t('identity.title')}</h2>
      <p>{t('identity.what')}</p>
      <p>{t('identity.means')}</p>
      <p>{t('identity.todo')}</p>
      {alarm ? (
        <Link to="/desk" search={{ sel: alarm.id }} className="button">
          {t('identity.toAlarm')}
        </Link>
      ) : null}
    </section>
  );
}

function DeviceLink({ label, id }: { readonly label: string; readonly id: string }) {
  return (
    <span>
      {label}:{' '}
      <Link to="/devices/$deviceId" params={{ deviceId: id }}>
        {id}
      </Link>
    </span>
  );
}

function AgeWords({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  const [before, after] = t('device.lastReport', { age: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <DataAge at={at} />
      {after}
    </>
  );
}
