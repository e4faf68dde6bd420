import type { Venue } from '@fengsui/protocol';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { incidentApi } from './incident-resources.ts';

/** For what no alarm has told: somebody telephones, or a night was written by hand. */
export function OpenIncidentDialog({ onClose }: { readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const venues = useVenues();
  const listId = useId();
  const [named, setNamed] = useState('');
  const [note, setNote] = useState('');
  const [happenedAt, setHappenedAt] = useState('');
  const venue = venueNamed(venues, named.trim());
  const open = useMutation({
    mutationFn: (venueId: string) =>
      incidentApi.open({
        ...{ venueId, note: note.trim() },
        ...(happenedAt !== '' && { happenedAt: new Date(happenedAt).toISOString() }),
      }),
    onSuccess: ({ id }) => navigate({ to: '/incidents/$incidentId', params: { incidentId: id } }),
  });
  return (
    <DialogForm
      title={t('incident.openByHand')}
      submit={t('incident.openByHand')}
      isBusy={open.isPending}
      error={open.error}
      missing={() =>
        venue === undefined
          ? t('incident.openVenueMissing')
          : note.trim() === ''
            ? t('incident.wordsMissing')
            : undefined
      }
      onSend={() => open.mutate(venue?.id ?? '')}
      onClose={onClose}
    >
      <p className="muted">{t('incident.openWhy')}</p>
      <label className="field">
        {t('incident.openVenue')}
        <input
          name="venue"
          list={listId}
          value={named}
          autoComplete="off"
          data-first=""
          onChange={({ target }) => setNamed(target.value)}
        />
        <small>{venue === undefined ? '' : `${venue.id} ${venue.address ?? ''}`}</small>
      </label>
      <datalist id={listId}>
        {[...venues.values()].map((one) => (
          <option key={one.id} value={nameOf(one, i18n.language, one.id)}>
            {one.id}
          </option>
        ))}
      </datalist>
      <label className="field">
        {t('incident.openNote')}
        <textarea name="note" maxLength={1000} value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
      <label className="field">
        {t('incident.happenedAt')}
        <input
          name="happenedAt"
          type="datetime-local"
          value={happenedAt}
          onChange={({ target }) => setHappenedAt(target.value)}
        />
      </label>
    </DialogForm>
  );
}

/** By its id, or by a name that only one has. */
function venueNamed(venues: ReadonlyMap<string, Venue>, named: string): Venue | undefined {
  const found = [...venues.values()].filter(({ name, nameEn }) => name === named || nameEn === named);
  return venues.get(named) ?? (found.length === 1 ? found[0] : undefined);
}
