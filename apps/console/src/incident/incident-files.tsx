import type { Incident, IncidentFile } from '@fengsui/protocol';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { usePermission } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { fileSize } from '../format/file-size.ts';
import { formatInstant } from '../format/instant.ts';
import { incidentApi, incidentFilePath, incidentQueries } from './incident-resources.ts';
import { useIncidentAct } from './use-incident-act.ts';

/** Recordings of calls and pictures: heard and seen here, added while the incident is open. */
export function IncidentFiles({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const mayHandle = usePermission('incident.handle');
  const question = incidentQueries.files(incident.id, incident.fileCount ?? 0);
  const asked = useQuery({ ...question, enabled: mayHandle });
  if (!mayHandle) return null;
  const files = asked.data ?? [];
  return (
    <section className="panel" data-testid="incident-files">
      <header>
        <h2>
          {t('incident.files')} <span className="muted">{files.length > 0 ? files.length : ''}</span>
        </h2>
        {incident.state === 'closed' ? null : <AddFile incident={incident} />}
      </header>
      {asked.isError ? <ProblemNote error={asked.error} onRetry={() => void asked.refetch()} /> : null}
      {asked.isSuccess && files.length === 0 ? <p className="empty">{t('incident.noFiles')}</p> : null}
      <ul className="incident-files">
        {files.map((file) => (
          <FileLine key={file.id} incidentId={incident.id} file={file} />
        ))}
      </ul>
    </section>
  );
}

function FileLine({ incidentId, file }: { readonly incidentId: string; readonly file: IncidentFile }) {
  const { t } = useTranslation();
  const { id, name, mediaType, bytes, sha256, by, at } = file;
  const path = incidentFilePath(incidentId, id);
  const shown = name ?? t(mediaType.startsWith('audio/') ? 'incident.recording' : 'incident.picture');
  return (
    <li>
      <a href={path} download={shown}>
        {shown}
      </a>
      {mediaType.startsWith('audio/') ? <audio controls preload="none" src={path} aria-label={shown} /> : null}
      {mediaType.startsWith('image/') ? <img src={path} alt={shown} loading="lazy" /> : null}
      <span className="muted">
        {fileSize(bytes)} · {by} · {formatInstant(at)} · SHA-256 <code title={sha256}>{sha256.slice(0, 12)}…</code>
      </span>
    </li>
  );
}

function AddFile({ incident }: { readonly incident: Incident }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { run, isBusy, failure } = useIncidentAct(incident.id);
  const add = async (files: FileList | null): Promise<void> => {
    for (const file of [...(files ?? [])]) {
      if ((await run(() => incidentApi.addFile(incident, file))) !== undefined) break;
    }
    await queryClient.invalidateQueries({ queryKey: ['incidentFiles', incident.id] });
  };
  return (
    <>
      <label className="file-add end">
        <input
          type="file"
          accept="audio/*,image/jpeg,image/png"
          multiple
          className="visually-hidden"
          disabled={isBusy}
          data-testid="incident-file-input"
          onChange={({ target }) => {
            void add(target.files).finally(() => (target.value = ''));
          }}
        />
        {isBusy ? t('desk.sending') : t('incident.addFile')}
      </label>
      {failure === undefined ? null : (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
    </>
  );
}
