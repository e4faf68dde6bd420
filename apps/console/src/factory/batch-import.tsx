import '../registry/import.css';
import type { BatchReport } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { saveBlob } from '../capture/save-text.ts';
import { formatCount } from '../format/quantity.ts';
import { currentLanguage } from '../locale/i18n.ts';
import { isKeyOf } from '../locale/is-key-of.ts';
import { zh } from '../locale/zh.ts';
import { FileChoice } from '../registry/file-choice.tsx';
import { ProblemTable } from '../registry/problem-table.tsx';
import { factoryApi } from './factory-api.ts';

/** A batch out of a file: looked at first, written only when nothing is wrong with it. */
export function BatchImport() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File>();
  const preview = useMutation({ mutationFn: (chosen: File) => factoryApi.send(chosen, true) });
  const write = useMutation({
    mutationFn: (chosen: File) => factoryApi.send(chosen, false),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['batches'] }),
  });
  const template = useMutation({
    mutationFn: async () => saveBlob('fengsui-batch.xlsx', await factoryApi.template(currentLanguage())),
  });
  const take = (chosen: File): void => {
    write.reset();
    setFile(chosen);
    preview.mutate(chosen);
  };
  const report = write.data ?? preview.data;
  const failure = write.error ?? preview.error ?? template.error;
  const isBusy = preview.isPending || write.isPending;
  const isWritable =
    report !== undefined && !report.applied && report.problemCount === 0 && report.added + report.retested > 0;
  return (
    <section className="panel" aria-labelledby="batch-import-title">
      <header>
        <h2 id="batch-import-title">{t('factory.import')}</h2>
        <span className="muted">{t('factory.importWhy')}</span>
      </header>
      <div className="life-acts">
        <FileChoice file={file} accept=".xlsx,.json" testId="batch-file" disabled={isBusy} onChoose={take} />
        <button type="button" disabled={template.isPending} onClick={() => template.mutate()}>
          {t('importing.template')}
        </button>
        {file ? <b>{file.name}</b> : null}
        {isBusy ? <span className="muted">{t('importing.checking', { name: file?.name ?? '' })}</span> : null}
        {isWritable && file && !isBusy ? (
          <button type="button" className="primary" data-testid="record-batch" onClick={() => write.mutate(file)}>
            {t('factory.record', { n: formatCount(report.added + report.retested) })}
          </button>
        ) : null}
      </div>
      {failure && !isBusy ? (
        <p className="problem" role="alert">
          {problemWords(t, failure)}
        </p>
      ) : null}
      {report && !isBusy ? <Report report={report} /> : null}
    </section>
  );
}

function Report({ report }: { readonly report: BatchReport }) {
  const { t } = useTranslation();
  const {
    applied,
    batchId = '–',
    rows,
    added,
    retested,
    unchanged,
    passed,
    failed,
    calibrations,
    problemCount,
  } = report;
  const counts = { batch: batchId, rows, added, retested, unchanged, passed, failed, calibrations };
  const verdict = applied
    ? t('factory.recorded')
    : problemCount > 0
      ? t('importing.broken', { n: formatCount(problemCount) })
      : added + retested === 0
        ? t('factory.nothingNew')
        : t('importing.clean');
  return (
    <div data-testid="batch-report" data-applied={applied} data-problems={problemCount}>
      <p role="status">
        <b className={problemCount > 0 ? 'warn-words' : ''}>{verdict}</b>{' '}
        {problemCount > 0 ? null : <span className="muted">{t('factory.counts', counts)}</span>}
      </p>
      {problemCount > 0 ? (
        <ProblemTable
          problems={report.problems}
          testId="batch-problem"
          wordsOf={({ code, message }) => (isKeyOf(zh.factory.code, code) ? t(`factory.code.${code}`) : message)}
          remedyOf={({ code, message, fix }) => (isKeyOf(zh.factory.code, code) ? `${message}; ${fix}` : fix)}
        />
      ) : null}
    </div>
  );
}
