import type { IncidentFile } from '@fengsui/protocol';
import { scopeParameter, type Scope } from '../access/scope.ts';
import type { Store } from '../store/store.ts';
import type { KeptIncidentFile } from './kept-incident.ts';

const IN_SCOPE = '($1::text[] is null or venue_id = any($1::text[]))';

const fileView = (doc: unknown): IncidentFile => {
  const { at, ...file } = doc as KeptIncidentFile;
  return { ...file, at: new Date(at).toISOString() };
};

/** Without their bytes, oldest first. */
export async function listIncidentFiles(scope: Scope, store: Store, incidentId: string): Promise<IncidentFile[]> {
  const sql = `select doc from incident_file where ${IN_SCOPE} and incident_id = $2 order by at, id`;
  const rows = await store.query(sql, [scopeParameter(scope), incidentId]);
  return rows.map(({ doc }) => fileView(doc));
}

export async function findIncidentFile(
  scope: Scope,
  store: Store,
  { incidentId, fileId }: { readonly incidentId: string; readonly fileId: string },
): Promise<{ readonly file: IncidentFile; readonly body: Uint8Array } | undefined> {
  const sql = `select doc, body from incident_file where ${IN_SCOPE} and incident_id = $2 and id = $3`;
  const [row] = await store.query(sql, [scopeParameter(scope), incidentId, fileId]);
  return row === undefined ? undefined : { file: fileView(row['doc']), body: row['body'] as Uint8Array };
}
