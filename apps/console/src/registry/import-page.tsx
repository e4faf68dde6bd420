import './import.css';
import { importSheets, type ImportReport } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type DragEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { isProblem } from '../api/problem.ts';
import { problemWords } from '../api/problem-words.ts';
import { api } from '../api/resources.ts';
import { saveBlob } from '../capture/save-text.ts';
import { formatDataAge } from '../format/duration.ts';
import { useNow } from '../format/use-now.ts';
import { currentLanguage, type Translate } from '../locale/i18n.ts';
import { FileChoice } from './file-choice.tsx';
import { ImportReportView } from './import-report.tsx';
import { isImportCode } from './import-words.ts';
import { fileSize } from '../format/file-size.ts';
import { sheetOfFile, typeOfFile } from './workbook-file.ts';

/** A workbook in: looked at first, written only when nothing is wrong with it; and out again. */
export function ImportPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayManage = usePermission('registry.manage');
  const queryClient = useQueryClient();
  const [file, setFile] = useState<File>();
  const [sheet, setSheet] = useState<string>('venues');
  const [isOver, setOver] = useState(false);
  const bodyOf = (chosen: File, csvSheet: string) => {
    const type = typeOfFile(chosen.name);
    return { body: chosen, type, ...(type === 'text/csv' && { sheet: csvSheet }) };
  };
  const preview = useMutation({
    mutationFn: ({ chosen, csvSheet }: { chosen: File; csvSheet: string }) =>
      api.sendWorkbook(bodyOf(chosen, csvSheet), true),
  });
  const write = useMutation({
    mutationFn: (chosen: File) => api.sendWorkbook(bodyOf(chosen, sheet), false),
    // Whatever is on other pages may be another city now.
    onSuccess: () => queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' }),
  });
  const download = useMutation({
    mutationFn: async (isTemplate: boolean) => {
      const blob = await api.workbook(currentLanguage(), isTemplate);
      saveBlob(isTemplate ? 'fengsui-template.xlsx' : 'fengsui.xlsx', blob);
    },
  });
  const look = (chosen: File, csvSheet: string): void => {
    write.reset();
    setFile(chosen);
    setSheet(csvSheet);
    preview.mutate({ chosen, csvSheet });
  };
  const take = (chosen: File | undefined): void => {
    if (chosen) look(chosen, sheetOfFile(chosen.name) ?? sheet);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  if (session && !mayManage)
    return (
      <div className="page">
        <h1>{t('importing.title')}</h1>
        <p>{t('importing.noRight', { role: t(`role.${session.role}`) })}</p>
      </div>
    );
  const report = write.data ?? preview.data;
  const failure = write.error ?? preview.error ?? download.error;
  return (
    <div className="page import-page">
      <div className="page-title">
        <h1>{t('importing.title')}</h1>
        <span className="muted">{t('importing.intro')}</span>
        <span className="end life-acts">
          <button type="button" disabled={download.isPending} onClick={() => download.mutate(true)}>
            {t('importing.template')}
          </button>
          <button type="button" disabled={download.isPending} onClick={() => download.mutate(false)}>
            {t('importing.exportAll')}
          </button>
        </span>
      </div>
      <section
        className={`panel drop-zone${isOver ? ' over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <FileChoice
          file={file}
          accept=".xlsx,.csv"
          testId="workbook"
          isPrimary={file === undefined}
          onChoose={(chosen) => take(chosen)}
        />
        {file ? (
          <b>{t('importing.file', { name: file.name, size: fileSize(file.size) })}</b>
        ) : (
          <span className="muted">{t('importing.drop')}</span>
        )}
        {file && typeOfFile(file.name) === 'text/csv' ? (
          <label className="life-acts">
            <span className="muted">{t('importing.csvSheet')}</span>
            <select value={sheet} onChange={({ target }) => look(file, target.value)}>
              {importSheets.map((name) => (
                <option key={name} value={name}>
                  {t(`importing.sheets.${name}`)}
                </option>
              ))}
            </select>
          </label>
        ) : null}
      </section>
      {preview.isPending && file ? (
        <p className="panel" role="status">
          {t('importing.checking', { name: file.name })}
        </p>
      ) : null}
      {write.isPending ? <Writing since={write.submittedAt} /> : null}
      {failure && !preview.isPending && !write.isPending ? (
        <p className="problem" role="alert" data-testid="import-failure">
          {fileProblemWords(t, failure)}
        </p>
      ) : null}
      {report && !preview.isPending && !write.isPending ? (
        <ImportReportView
          report={report}
          {...(canWrite(report) && file && !write.isError && { onImport: () => write.mutate(file) })}
        />
      ) : null}
    </div>
  );
}

const canWrite = ({ applied, problemCount, sheets }: ImportReport): boolean =>
  !applied && problemCount === 0 && sheets.some(({ added, changed }) => added + changed > 0);

function Writing({ since }: { readonly since: number }) {
  const { t } = useTranslation();
  const now = useNow(500);
  return (
    <div className="panel" role="status" data-testid="importing">
      <p>{t('importing.going', { time: formatDataAge(now - since) })}</p>
      <progress />
    </div>
  );
}

function fileProblemWords(t: Translate, error: unknown): string {
  return isProblem(error, 422) && isImportCode(error.code)
    ? t('importing.unreadable', { detail: t(`importing.code.${error.code}`) })
    : problemWords(t, error);
}
