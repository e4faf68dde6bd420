import type { ImportProblem, ImportReport } from '@fengsui/protocol';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { saveText } from '../capture/save-text.ts';
import { formatCount } from '../format/quantity.ts';
import { TableHead } from '../shell/table-head.tsx';
import { isImportCode } from './import-words.ts';
import { ProblemTable } from './problem-table.tsx';

export type ImportReportProps = {
  readonly report: ImportReport;
  /** Writes it; absent when there is nothing to write or something is wrong. */
  readonly onImport?: () => void;
};

/** What a workbook would do, or has done; everything that is wrong with it by sheet, row and column, with the remedy. */
export function ImportReportView({ report, onImport }: ImportReportProps) {
  const { t } = useTranslation();
  const { applied, problemCount, problems, sheets, secrets = [] } = report;
  const toWrite = sheets.reduce((sum, { added, changed }) => sum + added + changed, 0);
  const isBroken = problemCount > 0;
  return (
    <>
      <section
        className={`panel verdict${isBroken ? ' broken' : ''}`}
        data-testid="verdict"
        data-applied={applied}
        data-problems={problemCount}
      >
        <p role="status">
          <b>
            {applied
              ? t('importing.done')
              : isBroken
                ? t('importing.broken', { n: formatCount(problemCount) })
                : toWrite === 0
                  ? t('importing.nothing')
                  : t('importing.clean')}
          </b>
        </p>
        {onImport ? (
          <button type="button" className="primary" onClick={onImport} data-testid="import-now">
            {t('importing.go', { n: formatCount(toWrite) })}
          </button>
        ) : null}
      </section>
      {secrets.length > 0 ? <Secrets secrets={secrets} /> : null}
      {isBroken ? <Problems problems={problems} problemCount={problemCount} /> : null}
      <section className="panel table-scroll">
        <table className="sheet-table">
          <TableHead
            columns={[
              t('importing.sheet'),
              { number: t('importing.rows') },
              { number: t('importing.added') },
              { number: t('importing.changed') },
              { number: t('importing.unchanged') },
            ]}
          />
          <tbody>
            {sheets.map(({ sheet, rows, added, changed, unchanged }) => (
              <tr key={sheet} data-testid="sheet-row" data-sheet={sheet}>
                <td>{t(`importing.sheets.${sheet}`)}</td>
                <td className="number">{formatCount(rows)}</td>
                <td className="number">{formatCount(added)}</td>
                <td className="number">{formatCount(changed)}</td>
                <td className="number muted">{formatCount(unchanged)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function Problems({
  problems,
  problemCount,
}: {
  readonly problems: readonly ImportProblem[];
  readonly problemCount: number;
}) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="problems-title">
      <header>
        <h2 id="problems-title">{t('importing.problem')}</h2>
        {problems.length < problemCount ? (
          <span className="muted">{t('importing.first', { n: problems.length })}</span>
        ) : null}
      </header>
      <ProblemTable
        problems={problems}
        testId="import-problem"
        wordsOf={({ code, message }) => (isImportCode(code) ? t(`importing.code.${code}`) : message)}
        remedyOf={({ fix }) => fix}
      />
    </section>
  );
}

function Secrets({ secrets }: { readonly secrets: readonly { readonly deviceId: string; readonly secret: string }[] }) {
  const { t } = useTranslation();
  const [isSaved, setSaved] = useState(false);
  return (
    <section className="panel secrets" aria-labelledby="secrets-title">
      <h2 id="secrets-title">{t('importing.secrets', { n: formatCount(secrets.length) })}</h2>
      <p>{t('importing.secretsWhy')}</p>
      <div className="life-acts">
        <button
          type="button"
          className="primary"
          data-testid="save-secrets"
          onClick={() => {
            const rows = secrets.map(({ deviceId, secret }) => `${deviceId},${secret}`);
            saveText('fengsui-secrets.csv', 'text/csv', `deviceId,secret\r\n${rows.join('\r\n')}\r\n`);
            setSaved(true);
          }}
        >
          {t('importing.saveSecrets')}
        </button>
        {isSaved ? <span role="status">✓ {t('importing.secretsSaved')}</span> : null}
      </div>
    </section>
  );
}
