import { deviceModelsOf, type Release, type RolloutGroup } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useVenues } from '../alarm/use-place.ts';
import { queries } from '../api/queries.ts';
import { nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { rolloutApi } from './rollout-api.ts';

const observations = [600, 3_600, 6 * 3_600, 86_400, 3 * 86_400];

/** Begins a rollout of one release. Who signed the release was another hand. */
export function BeginDialog({ release, onClose }: { readonly release: Release; readonly onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const venues = useVenues();
  const organisations = useQuery(queries.organisations());
  const [kind, setKind] = useState<RolloutGroup['kind']>('all');
  const [groupId, setGroupId] = useState('');
  const [observeS, setObserveS] = useState(3_600);
  const [mostFailedPercent, setMostFailed] = useState(2);
  const [note, setNote] = useState('');
  const begin = useMutation({
    mutationFn: () =>
      rolloutApi.begin({
        releaseId: release.id,
        observeS,
        mostFailedPercent,
        note: note.trim(),
        group: kind === 'all' ? { kind } : { kind, id: groupId },
      }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: ['rollouts'] });
      onClose();
      void navigate({ to: '/rollouts/$rolloutId', params: { rolloutId: id } });
    },
  });
  const choices: readonly { readonly id: string; readonly name: string }[] =
    kind === 'venue'
      ? [...venues.values()].map((venue) => ({ id: venue.id, name: nameOf(venue, i18n.language, venue.id) }))
      : kind === 'organisation'
        ? (organisations.data ?? []).map(({ id, name }) => ({ id, name }))
        : deviceModelsOf(release.manifest).map((id) => ({ id, name: id }));
  return (
    <DialogForm
      title={`${t('rollout.begin')} · ${release.manifest.name} ${release.manifest.version}`}
      submit={t('rollout.begin')}
      isBusy={begin.isPending}
      error={begin.error}
      missing={() =>
        note.trim() === ''
          ? t('rollout.noteMissing')
          : kind !== 'all' && groupId === ''
            ? t('rollout.groupMissing')
            : undefined
      }
      onSend={() => begin.mutate()}
      onClose={onClose}
    >
      <p className="muted">{t('rollout.beginWhy')}</p>
      <label className="field">
        {t('rollout.groupLabel')}
        <select
          value={kind}
          onChange={({ target }) => {
            setKind(target.value as RolloutGroup['kind']);
            setGroupId('');
          }}
        >
          {(['all', 'organisation', 'venue', 'model'] as const).map((option) => (
            <option key={option} value={option}>
              {t(`rollout.group.${option}`)}
            </option>
          ))}
        </select>
      </label>
      {kind === 'all' ? null : (
        <label className="field">
          {t(`rollout.group.${kind}`)}
          <select value={groupId} onChange={({ target }) => setGroupId(target.value)}>
            <option value="">–</option>
            {choices.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label className="field">
        {t('rollout.observeLabel')}
        <select value={observeS} onChange={({ target }) => setObserveS(Number(target.value))}>
          {observations.map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds < 3_600 ? t('rollout.minutes', { n: seconds / 60 }) : t('rollout.hours', { n: seconds / 3_600 })}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        {t('rollout.failedLabel')}
        <input
          type="number"
          min={0}
          max={50}
          step={0.5}
          value={mostFailedPercent}
          onChange={({ target }) => setMostFailed(Math.min(50, Math.max(0, Number(target.value))))}
        />
      </label>
      <label className="field">
        {t('rollout.note')}
        <textarea maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} />
      </label>
    </DialogForm>
  );
}
