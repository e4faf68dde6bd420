import type { GbRelay, RelaySettings } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '../shell/dialog-form.tsx';
import { relayApi } from './relay-api.ts';
import { draftOf, idOf, settingsOf, type RelayDraft } from './relay-draft.ts';

export type RelayFormProps = { readonly relay?: GbRelay; readonly onClose: () => void };

/** A relay's settings; its mode has an act of its own. */
export function RelayForm({ relay, onClose }: RelayFormProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<RelayDraft>(() => draftOf(relay));
  const [isForAll, setForAll] = useState(relay?.covers === undefined);
  const save = useMutation({
    mutationFn: (settings: RelaySettings) => relayApi.put(idOf(draft), settings),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['relays'] });
      onClose();
    },
  });
  const text = (field: Exclude<keyof RelayDraft, 'passReads' | 'passDutyChecks'>, isLong = false) => {
    const shared = {
      value: draft[field],
      onChange: ({ target }: { target: { value: string } }) => setDraft({ ...draft, [field]: target.value }),
    };
    return (
      <label className="relay-field">
        {t(`relay.${field}`)}
        {isLong ? (
          <textarea rows={2} {...shared} />
        ) : (
          <input {...shared} disabled={field === 'id' && relay !== undefined} />
        )}
      </label>
    );
  };
  const tick = (field: 'passReads' | 'passDutyChecks') => (
    <label className="relay-tick">
      <input
        type="checkbox"
        checked={draft[field]}
        onChange={({ target }) => setDraft({ ...draft, [field]: target.checked })}
      />
      {t(`relay.${field}`)}
    </label>
  );
  return (
    <DialogForm
      title={relay === undefined ? t('relay.newTitle') : t('relay.editTitle', { id: relay.id })}
      submit={t('relay.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() => (settingsOf(draft, isForAll, relay) === undefined ? t('relay.missing') : undefined)}
      onSend={() => {
        const settings = settingsOf(draft, isForAll, relay);
        if (settings !== undefined) save.mutate(settings);
      }}
      onClose={onClose}
    >
      {text('id')}
      {text('name')}
      {text('host')}
      {text('port')}
      <fieldset className="relay-covers">
        <legend>{t('relay.covers')}</legend>
        <label className="relay-tick">
          <input type="radio" checked={isForAll} onChange={() => setForAll(true)} />
          {t('relay.coversAll')}
        </label>
        <label className="relay-tick">
          <input type="radio" checked={!isForAll} onChange={() => setForAll(false)} />
          {t('relay.coversSome')}
        </label>
        {isForAll ? null : (
          <>
            {text('venueIds', true)}
            {text('deviceIds', true)}
            {text('organisationIds', true)}
          </>
        )}
      </fieldset>
      {text('sourceAddress')}
      {text('keepFrames')}
      {tick('passReads')}
      {tick('passDutyChecks')}
    </DialogForm>
  );
}
