import { pushSchemes, sourceKinds, type NewSource, type PushScheme, type SourceKind } from '@fengsui/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { problemWords } from '../api/problem-words.ts';
import { nameOf } from '../locale/words.ts';
import { Modal } from '../shell/modal.tsx';
import { foreignApi } from './foreign-api.ts';

/** Registers a source: who it is, how it reaches us or we it. */
export function SourceForm(props: {
  readonly onClose: () => void;
  readonly onCreated: (created: { sourceId: string; secret?: string }) => void;
}) {
  const { t, i18n } = useTranslation();
  const venues = useVenues();
  const [kind, setKind] = useState<SourceKind>('mqttTopic');
  const [scheme, setScheme] = useState<PushScheme>('fengsui');
  const create = useMutation({ mutationFn: foreignApi.createSource, onSuccess: props.onCreated });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    create.mutate(sourceOf(new FormData(event.currentTarget), kind, scheme));
  };
  return (
    <Modal title={t('foreignSource.newSource')} onClose={props.onClose}>
      <form className="stack source-form" onSubmit={submit}>
        <label className="field">
          {t('foreignSource.kindLabel')}
          <select
            value={kind}
            onChange={({ target }) => setKind(sourceKinds.find((one) => one === target.value) ?? 'mqttTopic')}
            name="kind"
          >
            {sourceKinds.map((one) => (
              <option key={one} value={one}>
                {t(`foreignSource.kind.${one}`)}
              </option>
            ))}
          </select>
          <small>{t(`foreignSource.kindWhy.${kind}`)}</small>
        </label>
        <label className="field">
          {t('foreignSource.id')}
          <input
            name="id"
            required
            pattern="[A-Za-z0-9._\-]{1,64}"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
          <small>{t('foreignSource.idHint')}</small>
        </label>
        {kind === 'httpPush' ? (
          <label className="field">
            {t('foreignSource.scheme')}
            <select
              value={scheme}
              onChange={({ target }) => setScheme(pushSchemes.find((one) => one === target.value) ?? 'fengsui')}
            >
              {pushSchemes.map((one) => (
                <option key={one} value={one}>
                  {t(`foreignSource.schemeName.${one}`)}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <label className="field">
            {t('foreignSource.topics')}
            <textarea name="topics" required rows={2} spellCheck={false} placeholder="vendor/up/+/data" />
            <small>{t('foreignSource.topicsHint')}</small>
          </label>
        )}
        {kind === 'httpPush' && scheme === 'oneNet' ? (
          <label className="field">
            {t('foreignSource.token')}
            <input name="token" required minLength={3} autoComplete="off" />
          </label>
        ) : null}
        {kind === 'mqttBroker' ? (
          <>
            <label className="field">
              {t('foreignSource.url')}
              <input
                name="url"
                required
                placeholder="mqtts://broker.example:8883"
                autoComplete="off"
                spellCheck={false}
              />
            </label>
            <div className="pair">
              <label className="field">
                {t('foreignSource.username')}
                <input name="username" autoComplete="off" />
              </label>
              <label className="field">
                {t('foreignSource.password')}
                <input name="password" type="password" autoComplete="new-password" />
              </label>
            </div>
            <label className="field">
              {t('foreignSource.ca')}
              <textarea name="ca" rows={2} spellCheck={false} placeholder="-----BEGIN CERTIFICATE-----" />
              <small>{t('foreignSource.caHint')}</small>
            </label>
            <label className="field">
              {t('foreignSource.awayMinutes')}
              <input name="awayMinutes" type="number" min={1} max={1440} defaultValue={5} />
            </label>
          </>
        ) : null}
        {venues.size === 0 ? null : (
          <label className="field">
            {t('foreignSource.venues')}
            <select name="venueIds" multiple size={Math.min(4, venues.size)}>
              {[...venues.values()].map((venue) => (
                <option key={venue.id} value={venue.id}>
                  {nameOf(venue, i18n.language, venue.id)}
                </option>
              ))}
            </select>
          </label>
        )}
        {create.isError ? (
          <p className="problem" role="alert">
            {problemWords(t, create.error)}
          </p>
        ) : null}
        <div className="actions">
          <button type="button" onClick={props.onClose}>
            {t('foreignSource.cancel')}
          </button>
          <button type="submit" className="primary" disabled={create.isPending}>
            {t('foreignSource.create')}
          </button>
        </div>
      </form>
    </Modal>
  );
}

function sourceOf(data: FormData, kind: SourceKind, scheme: PushScheme): NewSource {
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const given = <Name extends string>(name: Name, value: string): { [Key in Name]?: string } =>
    (value === '' ? {} : { [name]: value }) as { [Key in Name]?: string };
  const venueIds = data.getAll('venueIds').filter((value) => typeof value === 'string');
  const topics = text('topics')
    .split(/\s+/)
    .filter((topic) => topic !== '');
  return {
    id: text('id'),
    kind,
    ...(kind === 'httpPush' && { scheme, ...given('token', text('token')) }),
    ...(kind !== 'httpPush' && { topics }),
    ...(kind === 'mqttBroker' && {
      broker: {
        url: text('url'),
        ...given('username', text('username')),
        ...given('password', text('password')),
        ...given('ca', text('ca')),
      },
      awayFaultMinutes: Number(text('awayMinutes')) || 5,
    }),
    ...(venueIds.length > 0 && { venueIds }),
  };
}
