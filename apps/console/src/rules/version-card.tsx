import type { RuleVersion } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { problemWords } from '../api/problem-words.ts';
import { formatInstant } from '../format/instant.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { ruleApi, ruleQueries } from './rule-api.ts';
import { changedFields, stepOf } from './rule-family.ts';
import { scheduleWords, scopeWords, testWords } from './rule-words.ts';
import { TrialFigure } from './trial-figure.tsx';

type Props = {
  readonly version: RuleVersion;
  readonly before: RuleVersion | undefined;
  readonly onDraft?: (from: RuleVersion) => void;
};

/** One version: what it says, what is new in it, what it would have raised, who did what to it, and what comes next. */
export function VersionCard({ version, before, onDraft }: Props) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const changed = new Set(changedFields(version, before));
  const mark = (field: keyof RuleVersion): string => (changed.has(field) ? 'changed' : '');
  const hours = scheduleWords(t, version.schedule);
  return (
    <li
      className={`rule-version ${version.state}`}
      data-testid={`version-${version.version}`}
      data-state={version.state}
    >
      <header>
        <b>{version.isOfProduct ? t('rule.ofProduct') : t('rule.number', { n: version.version })}</b>
        <span className="tag">{t(`rule.state.${stepOf(version)}`)}</span>
        {version.isLessSensitive ? <span className="tag duller">{t('rule.lessSensitive')}</span> : null}
        {onDraft === undefined ? null : (
          <button type="button" className="end" onClick={() => onDraft(version)}>
            {t('rule.draftFrom')}
          </button>
        )}
      </header>
      <dl>
        <dt>{t('rule.test')}</dt>
        <dd className={mark('test')}>{testWords(t, version.test)}</dd>
        {hours === undefined && !changed.has('schedule') ? null : (
          <>
            <dt>{t('rule.hours')}</dt>
            <dd className={mark('schedule')}>{hours ?? t('rule.always')}</dd>
          </>
        )}
        <dt>{t('rule.raises')}</dt>
        <dd className={mark('level') || mark('priority')}>
          {t(`level.${version.level}`)} {version.priority ?? ''}
        </dd>
        <dt>{t('rule.where')}</dt>
        <dd className={mark('scope')}>{scopeWords(t, version.scope)}</dd>
        {version.validFrom === undefined && version.validTo === undefined ? null : (
          <>
            <dt>{t('rule.valid')}</dt>
            <dd className={mark('validFrom') || mark('validTo')}>
              {version.validFrom ?? '…'} – {version.validTo ?? '…'}
            </dd>
          </>
        )}
        <dt>{t('rule.consequence')}</dt>
        <dd className={mark('consequence')}>{version.consequence[language]}</dd>
        <dt>{t('rule.response')}</dt>
        <dd className={mark('response') || mark('timeAllowedS')}>
          {version.response[language]} · {t('rule.timeAllowed', { n: version.timeAllowedS / 60 })}
        </dd>
        <dt>{t('rule.source')}</dt>
        <dd className={mark('source')}>{version.source}</dd>
        {version.reason === undefined ? null : (
          <>
            <dt>{t('rule.reason')}</dt>
            <dd>{version.reason}</dd>
          </>
        )}
      </dl>
      {changed.size > 0 ? <p className="muted">{t('rule.changedMark')}</p> : null}
      <TrialFigure version={version} />
      {version.lines.length === 0 ? null : (
        <ul className="rule-lines muted">
          {version.lines.map((line) => (
            <li key={`${line.at} ${line.to}`}>
              {formatInstant(line.at)} {line.by} · {t(`rule.did.${line.to}`)}
              {line.note === undefined ? null : `：${line.note}`}
            </li>
          ))}
        </ul>
      )}
      <NextSteps version={version} />
    </li>
  );
}

/** What may be done to it now, and why the next step is not mine where it is not. */
function NextSteps({ version }: { readonly version: RuleVersion }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const session = useSession();
  const seesAll = session?.venueIds === undefined;
  const mayWrite = usePermission('rules.write') && seesAll;
  const mayReview = usePermission('rules.review') && seesAll;
  const [isRetiring, setRetiring] = useState(false);
  const [reason, setReason] = useState('');
  const done = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ruleQueries.all().queryKey });
  const act = useMutation({ mutationFn: (work: () => Promise<RuleVersion>) => work(), onSettled: done });
  const retire = useMutation({
    mutationFn: () => ruleApi.retire(version, reason.trim()),
    onSuccess: async () => {
      setRetiring(false);
      await done();
    },
  });
  const { state, running } = version;
  if (version.isOfProduct || state === 'retired') return null;
  const isOwn = session?.username === version.author;
  const button = (word: string, work: () => Promise<RuleVersion>, isPrimary = true) => (
    <button
      type="button"
      className={isPrimary ? 'primary' : ''}
      disabled={act.isPending || running !== undefined}
      onClick={() => act.mutate(work)}
    >
      {word}
    </button>
  );
  return (
    <>
      {state === 'tried' && isOwn ? <p className="warn-words">{t('rule.waitsForAnother')}</p> : null}
      <div className="actions">
        {mayWrite && (state === 'draft' || state === 'tried')
          ? button(
              t(state === 'draft' ? 'rule.try' : 'rule.tryAgain'),
              () => ruleApi.try(version, 7),
              state === 'draft',
            )
          : null}
        {mayReview && state === 'tried' && !isOwn ? button(t('rule.review'), () => ruleApi.review(version, '')) : null}
        {mayWrite && stepOf(version) === 'reviewed'
          ? button(t('rule.switchOn'), () => ruleApi.switchOn(version))
          : null}
        {mayReview ? (
          <button type="button" onClick={() => setRetiring(true)}>
            {t(state === 'on' ? 'rule.retire' : 'rule.discard')}
          </button>
        ) : null}
      </div>
      {act.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, act.error)}
        </p>
      ) : null}
      {isRetiring ? (
        <DialogForm
          title={t(state === 'on' ? 'rule.retire' : 'rule.discard')}
          submit={t(state === 'on' ? 'rule.retire' : 'rule.discard')}
          isBusy={retire.isPending}
          error={retire.error}
          missing={() => (reason.trim() === '' ? t('rule.reasonMissing') : undefined)}
          onSend={() => retire.mutate()}
          onClose={() => setRetiring(false)}
        >
          <p>{t('rule.retireWhy')}</p>
          <label className="field">
            {t('rule.reason')}
            <textarea value={reason} maxLength={500} onChange={({ target }) => setReason(target.value)} />
          </label>
        </DialogForm>
      ) : null}
    </>
  );
}
