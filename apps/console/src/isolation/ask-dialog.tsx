import { isolationKinds, longestIsolationH, type IsolationKind } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { useCentreNow } from '../format/age.tsx';
import { nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { isolationApi, isolationQueries, type IsolationTarget } from './isolation-api.ts';

const HOUR_MS = 3_600_000;
const HOURS = [0.5, 1, 2, 4, 8, 12, 24];

/** What shall ring nobody, how long and why; says beforehand how much it reaches and whether it takes a second person. */
export function AskDialog({ target, onClose }: { readonly target: IsolationTarget; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const queryClient = useQueryClient();
  const now = useCentreNow(1_000);
  const venues = useVenues();
  const [venueId, setVenueId] = useState(target.venueId);
  const [place, setPlace] = useState(placeKey(target));
  const [kind, setKind] = useState<IsolationKind>('isolated');
  const [hours, setHours] = useState(1);
  const [reason, setReason] = useState('');
  const [watcher, setWatcher] = useState('');
  const [phone, setPhone] = useState('');
  const areas = useQuery({ ...queries.areas(venueId), enabled: venueId !== '' });
  const devices = useQuery({ ...queries.devices(venueId), enabled: venueId !== '' });
  const wanted: IsolationTarget = { venueId, ...placeOf(place) };
  const reach = useQuery(isolationQueries.reach(wanted));
  const needsTwo = (reach.data?.lifeSafetyCount ?? 0) > 0;
  const ask = useMutation({
    mutationFn: () =>
      isolationApi.ask({
        ...wanted,
        kind,
        until: new Date(now + hours * HOUR_MS).toISOString(),
        reason: reason.trim(),
        ...(watcher.trim() !== '' && {
          fireWatch: { name: watcher.trim(), ...(phone.trim() !== '' && { phone: phone.trim() }) },
        }),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['isolations'] });
      onClose();
    },
  });
  const missing = (): string | undefined => {
    if (venueId === '') return t('isolation.venueMissing');
    if (reason.trim() === '') return t('isolation.reasonMissing');
    return needsTwo && watcher.trim() === '' ? t('isolation.watchMissing') : undefined;
  };
  return (
    <DialogForm
      title={t('isolation.askTitle')}
      submit={t(needsTwo ? 'isolation.askForApproval' : 'isolation.begin')}
      isBusy={ask.isPending}
      error={ask.error}
      missing={missing}
      onSend={() => ask.mutate()}
      onClose={onClose}
    >
      <label className="field">
        {t('isolation.venue')}
        <select
          name="venue"
          value={venueId}
          onChange={({ target: { value } }) => {
            setVenueId(value);
            setPlace('');
          }}
        >
          <option value="">–</option>
          {[...venues.values()].map((venue) => (
            <option key={venue.id} value={venue.id}>
              {nameOf(venue, i18n.language, venue.id)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('isolation.place')}
        <select name="place" value={place} onChange={({ target: { value } }) => setPlace(value)}>
          <option value="">{t('isolation.wholeVenue')}</option>
          <optgroup label={t('isolation.areas')}>
            {(areas.data ?? []).map((area) => (
              <option key={area.id} value={placeKey({ venueId, areaId: area.id })}>
                {nameOf(area, i18n.language, area.id)}
              </option>
            ))}
          </optgroup>
          <optgroup label={t('isolation.devices')}>
            {(devices.data ?? []).map((device) => (
              <option key={device.id} value={placeKey({ venueId, deviceId: device.id })}>
                {nameOf(device, i18n.language, device.id)}
              </option>
            ))}
          </optgroup>
        </select>
      </label>
      <p className={needsTwo ? 'warn-words' : 'muted'} role="status" data-testid="isolation-reach">
        {reach.data === undefined
          ? ' '
          : t('isolation.reach', { n: reach.data.detectorCount, lives: reach.data.lifeSafetyCount })}
        {needsTwo ? ` ${t('isolation.takesTwo')}` : null}
      </p>
      <label className="field">
        {t('isolation.kindOf')}
        <select name="kind" value={kind} onChange={({ target: { value } }) => setKind(value as IsolationKind)}>
          {isolationKinds.map((one) => (
            <option key={one} value={one}>
              {t(`isolation.kindWhy.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('isolation.hours')}
        <select name="hours" value={hours} onChange={({ target: { value } }) => setHours(Number(value))}>
          {HOURS.filter((one) => one <= longestIsolationH[kind]).map((one) => (
            <option key={one} value={one}>
              {one < 1 ? t('isolation.minutes', { n: one * 60 }) : t('isolation.hoursOf', { n: one })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('isolation.reason')}
        <textarea name="reason" value={reason} maxLength={300} onChange={({ target: { value } }) => setReason(value)} />
      </label>
      {needsTwo ? (
        <>
          <label className="field">
            {t('isolation.fireWatch')}
            <input
              name="watcher"
              value={watcher}
              maxLength={60}
              onChange={({ target: { value } }) => setWatcher(value)}
            />
          </label>
          <label className="field">
            {t('isolation.phone')}
            <input name="phone" value={phone} maxLength={32} onChange={({ target: { value } }) => setPhone(value)} />
          </label>
        </>
      ) : null}
    </DialogForm>
  );
}

const placeKey = ({ areaId, deviceId }: IsolationTarget): string =>
  deviceId !== undefined ? `device:${deviceId}` : areaId !== undefined ? `area:${areaId}` : '';

function placeOf(key: string): { readonly areaId?: string; readonly deviceId?: string } {
  if (key.startsWith('device:')) return { deviceId: key.slice('device:'.length) };
  return key.startsWith('area:') ? { areaId: key.slice('area:'.length) } : {};
}
