import './rules.css';
import type { RuleVersion } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { kindName } from '../locale/words.ts';
import { DraftDialog } from './draft-dialog.tsx';
import { ruleQueries } from './rule-api.ts';
import { familiesOf, stepOf, type RuleFamily } from './rule-family.ts';
import { VersionCard } from './version-card.tsx';
import { scopeWords, testWords } from './rule-words.ts';

/** 规则: what the centre itself watches, what is in force where, and the way of a change from a draft to its watch. */
export function RulesPage() {
  const { t } = useTranslation();
  const mayWrite = useMayWrite();
  const rules = useQuery(ruleQueries.all());
  const [openId, setOpenId] = useState<string>();
  const [from, setFrom] = useState<RuleVersion | 'new'>();
  const families = familiesOf(rules.data ?? []);
  const pendingCount = families.filter(({ pending }) => pending !== undefined).length;
  return (
    <div className="page rules">
      <div className="page-title">
        <h1>{t('rule.title')}</h1>
        <span className="muted">{t('rule.intro')}</span>
        {mayWrite ? (
          <button type="button" className="primary end" data-testid="new-rule" onClick={() => setFrom('new')}>
            {t('rule.new')}
          </button>
        ) : null}
      </div>
      {rules.isError ? <ProblemNote error={rules.error} onRetry={() => void rules.refetch()} /> : null}
      {pendingCount > 0 ? <p className="warn-words">{t('rule.pendingCount', { n: pendingCount })}</p> : null}
      <ul className="rule-list">
        {families.map((family) => (
          <RuleRow
            key={family.id}
            family={family}
            isOpen={openId === family.id}
            onToggle={() => setOpenId(openId === family.id ? undefined : family.id)}
            {...(mayWrite && { onDraft: setFrom })}
          />
        ))}
      </ul>
      {from === undefined ? null : (
        <DraftDialog
          from={from === 'new' ? undefined : from}
          onDrafted={({ id }) => {
            setOpenId(id);
            setFrom(undefined);
          }}
          onClose={() => setFrom(undefined)}
        />
      )}
    </div>
  );
}

/** Rules hold for venues of all owners: who sees some of them changes none. */
function useMayWrite(): boolean {
  const mayWrite = usePermission('rules.write');
  return useSession()?.venueIds === undefined && mayWrite;
}

type RowProps = {
  readonly family: RuleFamily;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** Absent: who looks may change nothing. */
  readonly onDraft?: (from: RuleVersion) => void;
};

function RuleRow({ family, isOpen, onToggle, onDraft }: RowProps) {
  const { t } = useTranslation();
  const { id, kind, versions, inForce, pending } = family;
  return (
    <li className="panel rule" data-testid={`rule-${id}`}>
      <button type="button" className="plain rule-head" aria-expanded={isOpen} onClick={onToggle}>
        <b>{kindName(t, kind)}</b> <code className="muted">{id}</code>
        {pending === undefined ? null : <span className="tag waiting">{t(`rule.waits.${stepOf(pending)}`)}</span>}
      </button>
      {inForce.length === 0 ? <p className="warn-words">{t('rule.nowhere')}</p> : null}
      <ul className="in-force">
        {inForce.map((version) => (
          <li key={version.version}>
            <span className="rule-level">{t(`level.${version.level}`)}</span> {testWords(t, version.test)}{' '}
            <span className="muted">
              {version.isOfProduct && inForce.length > 1 ? t('rule.elsewhere') : scopeWords(t, version.scope)} ·{' '}
              {version.isOfProduct ? t('rule.ofProduct') : t('rule.number', { n: version.version })}
            </span>
            {version.isLessSensitive ? <span className="tag duller">{t('rule.lessSensitive')}</span> : null}
          </li>
        ))}
      </ul>
      {isOpen ? (
        <ol className="rule-versions">
          {versions.map((version, i) => (
            <VersionCard
              key={version.version}
              version={version}
              before={versions[i + 1]}
              {...(onDraft !== undefined && { onDraft })}
            />
          ))}
        </ol>
      ) : null}
    </li>
  );
}
