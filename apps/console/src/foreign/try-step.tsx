import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { formatCount } from '../format/quantity.ts';
import { formatInstant } from '../format/instant.ts';
import { kindName, pointName } from '../locale/words.ts';
import { foreignApi, type Replay, type TriedStatement } from './foreign-api.ts';
import { reasonWords } from './foreign-words.ts';
import { mappingOf, type MapDraft } from './map-draft.ts';

/** Step 5: what becomes of everything that waits; then it is kept, and applied. */
export function TryStep(props: {
  readonly sourceId: string;
  readonly shape: string;
  readonly draft: MapDraft;
  readonly topic: string | undefined;
  readonly isText: boolean;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}) {
  const { sourceId, shape, draft, topic, isText, onSaved, onClose } = props;
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [name, setName] = useState(topic ?? shape.slice(0, 8));
  const [done, setDone] = useState<Replay>();
  const mapping = mappingOf(draft, name.trim() === '' ? shape.slice(0, 8) : name.trim(), topic, isText);
  const trial = useQuery({
    queryKey: ['foreignTrial', sourceId, shape, JSON.stringify(mapping)],
    queryFn: () => {
      if (mapping === undefined) throw new Error('no mapping');
      return foreignApi.tryMapping(sourceId, shape, mapping);
    },
    enabled: mapping !== undefined && done === undefined,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: async () => {
      if (mapping === undefined) throw new Error('no mapping');
      await foreignApi.saveMapping(sourceId, mapping);
      return foreignApi.replay(sourceId);
    },
    onSuccess: (outcome) => {
      setDone(outcome);
      onSaved();
      void queryClient.invalidateQueries({ queryKey: ['foreignGroups'] });
      void queryClient.invalidateQueries({ queryKey: ['foreignSources'] });
    },
  });
  if (done !== undefined)
    return (
      <>
        <h2>{t('foreignSource.saved')}</h2>
        <p role="status" data-testid="saved">
          {t('foreignSource.savedWhat', {
            messages: formatCount(done.messages),
            mapped: formatCount(done.mapped),
            settled: formatCount(done.settled),
          })}
        </p>
        <p className="muted">{t('foreignSource.lateWhy')}</p>
        <div className="actions">
          <button type="button" className="primary" onClick={onClose}>
            {t('foreignSource.back')}
          </button>
        </div>
      </>
    );
  return (
    <>
      <h2>{t('foreignSource.step.try')}</h2>
      {trial.isError ? <ProblemNote error={trial.error} onRetry={() => void trial.refetch()} /> : null}
      {trial.data ? (
        <>
          <p data-testid="trial">
            {t('foreignSource.trial', {
              messages: formatCount(trial.data.messages),
              read: formatCount(trial.data.read),
              statements: formatCount(trial.data.statementCount),
            })}
          </p>
          {trial.data.statements.length > 0 ? (
            <table className="foreign-trial">
              <thead>
                <tr>
                  <th scope="col">{t('foreignSource.device')}</th>
                  <th scope="col">{t('foreignSource.says')}</th>
                  <th scope="col">{t('foreignSource.time')}</th>
                </tr>
              </thead>
              <tbody>
                {trial.data.statements.slice(0, 12).map((statement, index) => (
                  <tr key={index}>
                    <td>{statement.deviceId}</td>
                    <td>
                      <Says statement={statement} />
                    </td>
                    <td>
                      {statement.at === undefined
                        ? t('foreignSource.ofReceipt')
                        : formatInstant(new Date(statement.at).toISOString())}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          ) : null}
          {trial.data.unmappedCount > 0 ? (
            <ul className="left-over" data-testid="left-over">
              {[...new Set(trial.data.unmapped.map(({ reason, value }) => `${reasonWords(t, reason)}: ${value}`))]
                .slice(0, 8)
                .map((words) => (
                  <li key={words}>{words}</li>
                ))}
            </ul>
          ) : null}
          {trial.data.warnings.length > 0 ? <p className="muted">{trial.data.warnings[0]}</p> : null}
        </>
      ) : null}
      <label className="field">
        {t('foreignSource.mappingName')}
        <input value={name} maxLength={120} onChange={({ target }) => setName(target.value)} />
      </label>
      <p className="muted">{t('foreignSource.lateWhy')}</p>
      {save.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, save.error)}
        </p>
      ) : null}
      <p>
        <button
          type="button"
          className="primary"
          disabled={save.isPending || trial.data === undefined || trial.data.statementCount === 0}
          onClick={() => save.mutate()}
          data-testid="save-mapping"
        >
          {t('foreignSource.save')}
        </button>
      </p>
    </>
  );
}

function Says({ statement }: { readonly statement: TriedStatement }) {
  const { t } = useTranslation();
  const { values, eventKind, level, active } = statement;
  if (values !== undefined)
    return (
      <>
        {Object.entries(values)
          .map(([point, value]) => `${pointName(t, point)} ${Number(value.toPrecision(12))}`)
          .join(' · ')}
      </>
    );
  const kind = kindName(t, eventKind ?? '');
  const words = level === 'warning' || level === 'attention' || level === 'alarm' ? t(`level.${level}`) : '';
  return <>{active === false ? t('foreignSource.ends', { kind }) : `${kind} · ${words}`}</>;
}
