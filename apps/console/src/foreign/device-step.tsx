import type { Pick } from '@fengsui/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { useVenues } from '../alarm/use-place.ts';
import { problemWords } from '../api/problem-words.ts';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { nameOf } from '../locale/words.ts';
import { foreignApi } from './foreign-api.ts';
import { pickWords, type MapDraft } from './map-draft.ts';

const OFFERED = 200;
const isWireId = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);

/** Step 2: which value names the device, and which of ours it is. */
export function DeviceStep(props: {
  readonly draft: MapDraft;
  readonly proposal: { readonly pick: Pick; readonly word: string } | undefined;
  readonly onPick: (pick: Pick) => void;
  readonly onTable: (theirs: string, ours: string) => void;
}) {
  const { draft, proposal, onPick, onTable } = props;
  const { t } = useTranslation();
  const devices = useQuery({
    queryKey: ['foreignDevices'],
    queryFn: ({ signal }) => api.findDevices({}, 0, OFFERED, signal),
  });
  return (
    <>
      <h2>{t('foreignSource.step.device')}</h2>
      {draft.device === undefined ? (
        <>
          <p>{t('foreignSource.clickDevice')}</p>
          {proposal === undefined ? null : (
            <p>
              <button type="button" onClick={() => onPick(proposal.pick)} data-testid="take-device">
                {t('foreignSource.take', { what: pickWords(proposal.pick), word: proposal.word })}
              </button>
            </p>
          )}
        </>
      ) : (
        <>
          <p>{t('foreignSource.deviceIs', { what: pickWords(draft.device) })}</p>
          <datalist id="our-devices">
            {(devices.data?.items ?? []).map((device) => (
              <option key={device.id} value={device.id}>
                {device.name ?? device.id}
              </option>
            ))}
          </datalist>
          <ul className="assignments">
            {Object.entries(draft.table).map(([theirs, ours]) => (
              <Assignment key={theirs} theirs={theirs} ours={ours} onTable={onTable} />
            ))}
          </ul>
          <p className="muted">{t('foreignSource.unassignedWaits')}</p>
        </>
      )}
    </>
  );
}

function Assignment({
  theirs,
  ours,
  onTable,
}: {
  readonly theirs: string;
  readonly ours: string;
  readonly onTable: (theirs: string, ours: string) => void;
}) {
  const { t } = useTranslation();
  const mayRegister = usePermission('device.manage');
  const [isNew, setIsNew] = useState(false);
  return (
    <li data-testid="assignment" data-theirs={theirs}>
      <span className="mono">{theirs}</span>
      <span aria-hidden="true">→</span>
      <input
        list="our-devices"
        value={ours}
        aria-label={t('foreignSource.ourDeviceOf', { id: theirs })}
        placeholder={t('foreignSource.ourDevice')}
        onChange={({ target }) => onTable(theirs, target.value.trim())}
        data-testid="our-device"
      />
      {ours === '' && mayRegister && !isNew ? (
        <button type="button" onClick={() => setIsNew(true)} data-testid="register">
          {t('foreignSource.register')}
        </button>
      ) : null}
      {isNew ? (
        <RegisterForm
          theirs={theirs}
          onDone={(id) => {
            setIsNew(false);
            if (id !== undefined) onTable(theirs, id);
          }}
        />
      ) : null}
    </li>
  );
}

function RegisterForm({
  theirs,
  onDone,
}: {
  readonly theirs: string;
  readonly onDone: (id: string | undefined) => void;
}) {
  const { t, i18n } = useTranslation();
  const models = useQuery(queries.models()).data ?? [];
  const venues = useVenues();
  const create = useMutation({ mutationFn: foreignApi.createDevice, onSuccess: ({ deviceId }) => onDone(deviceId) });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = data.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    create.mutate({ id: text('id'), model: text('model'), venueId: text('venueId') });
  };
  return (
    <form className="register" onSubmit={submit}>
      <label className="field">
        {t('foreignSource.newDeviceId')}
        <input
          name="id"
          required
          defaultValue={isWireId(theirs) ? theirs : ''}
          pattern="[A-Za-z0-9._\-]{1,64}"
          spellCheck={false}
        />
      </label>
      <label className="field">
        {t('foreignSource.model')}
        <select name="model" required defaultValue="">
          <option value="" disabled>
            {t('foreignSource.choose')}
          </option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {i18n.language === 'en' ? name.en : name.zh}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('foreignSource.venue')}
        <select key={venues.size} name="venueId" required defaultValue={venues.size === 1 ? [...venues.keys()][0] : ''}>
          <option value="" disabled>
            {t('foreignSource.choose')}
          </option>
          {[...venues.values()].map((venue) => (
            <option key={venue.id} value={venue.id}>
              {nameOf(venue, i18n.language, venue.id)}
            </option>
          ))}
        </select>
      </label>
      <div className="actions">
        <button type="button" onClick={() => onDone(undefined)}>
          {t('foreignSource.cancel')}
        </button>
        <button type="submit" disabled={create.isPending} data-testid="register-now">
          {t('foreignSource.registerNow')}
        </button>
      </div>
      {create.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, create.error)}
        </p>
      ) : null}
    </form>
  );
}
