import type { Rollout } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '../shell/dialog-form.tsx';
import { rolloutApi, type RolloutDecision } from './rollout-api.ts';

export type Decision = { readonly what: RolloutDecision } | { readonly what: 'exclude'; readonly deviceId: string };

const wordsOf = { stop: 'stop', resume: 'resume', 'roll-back': 'rollBack', exclude: 'exclude' } as const;

/** A decision about a rollout, with its reason; both stay on record. */
export function DecisionDialog(props: {
  readonly rollout: Rollout;
  readonly decision: Decision;
  readonly onClose: () => void;
}) {
  const { rollout, decision, onClose } = props;
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [note, setNote] = useState('');
  const decide = useMutation({
    mutationFn: () =>
      decision.what === 'exclude'
        ? rolloutApi.exclude(rollout.id, decision.deviceId, note.trim())
        : rolloutApi.decide(rollout.id, decision.what, note.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['rollouts'] });
      onClose();
    },
  });
  const word = wordsOf[decision.what];
  return (
    <DialogForm
      title={`${t(`rollout.act.${word}`)}${decision.what === 'exclude' ? ` · ${decision.deviceId}` : ''}`}
      submit={t(`rollout.act.${word}`)}
      isBusy={decide.isPending}
      error={decide.error}
      missing={() => (note.trim() === '' ? t('rollout.noteMissing') : undefined)}
      onSend={() => decide.mutate()}
      onClose={onClose}
    >
      <p className="muted">{t(`rollout.why.${word}`)}</p>
      <label className="field">
        {t('rollout.note')}
        <textarea maxLength={500} value={note} onChange={({ target }) => setNote(target.value)} autoFocus />
      </label>
    </DialogForm>
  );
}
