import type { AuditHead } from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from '../api/problem-note.tsx';
import { problemWords } from '../api/problem-words.ts';
import { formatInstant } from '../format/instant.ts';
import { auditQueries, verifyAudit } from './audit-api.ts';

/** Whether the rows can be believed: the last one with its hash, who vouches for it, and when it was verified last. */
export function ChainPanel() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { queryKey, ...question } = auditQueries.head();
  const head = useQuery({ ...question, queryKey });
  const verifying = useMutation({
    mutationFn: verifyAudit,
    onSuccess: (answer) => queryClient.setQueryData(queryKey, answer),
  });
  return (
    <section className="panel audit-chain" aria-labelledby="chain" data-testid="audit-chain">
      <h2 id="chain">{t('audit.chain')}</h2>
      {head.isError ? <ProblemNote error={head.error} onRetry={() => void head.refetch()} /> : null}
      {head.data ? <ChainFacts head={head.data} /> : null}
      <div>
        <button
          type="button"
          disabled={verifying.isPending || head.data?.verifying !== undefined}
          onClick={() => verifying.mutate()}
        >
          {t('audit.verify')}
        </button>
      </div>
      {verifying.isError ? (
        <p className="problem" role="alert">
          {problemWords(t, verifying.error)}
        </p>
      ) : null}
    </section>
  );
}

function ChainFacts({ head }: { readonly head: AuditHead }) {
  const { t } = useTranslation();
  const { sequence, hash, stamp, verified, verifying } = head;
  return (
    <dl className="facts">
      <dt>{t('audit.head')}</dt>
      <dd>
        {t('audit.headRow', { n: sequence })} <code className="hash">{hash}</code>
      </dd>
      <dt>{t('audit.attested')}</dt>
      <dd data-testid="audit-attested">
        {stamp ? t('audit.stamped', { n: stamp.sequence, time: formatInstant(stamp.at) }) : t('audit.selfAttested')}
      </dd>
      <dt>{t('audit.verified')}</dt>
      <dd data-testid="audit-verified" data-whole={verified?.isWhole}>
        {verifying === undefined ? null : t('audit.verifying', { n: verifying })}
        {verifying === undefined && verified === undefined ? t('audit.never') : null}
        {verifying === undefined && verified ? <VerifiedWords verified={verified} /> : null}
      </dd>
    </dl>
  );
}

function VerifiedWords({ verified }: { readonly verified: NonNullable<AuditHead['verified']> }) {
  const { t } = useTranslation();
  const { at, isWhole, count, brokenAt } = verified;
  const time = formatInstant(at);
  if (isWhole) return <>✓ {t('audit.whole', { time, n: count })}</>;
  return (
    <strong className="late">
      {brokenAt === undefined ? t('audit.notWhole', { time }) : t('audit.brokenAt', { time, n: brokenAt })}
    </strong>
  );
}
