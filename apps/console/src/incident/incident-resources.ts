import type {
  CallOutcome,
  CallSheet,
  Incident,
  IncidentCause,
  IncidentFile,
  IncidentHandlers,
  IncidentStep,
  IncidentVerdict,
  VerificationMeans,
} from '@fengsui/protocol';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { apiPath, get, post, postQuietly, sendFile } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

const id = encodeURIComponent;
const pathOf = (incidentId: string, rest = ''): string => `/incidents/${id(incidentId)}${rest}`;

/** An act on an incident as the screen saw it. */
const act = (incident: Incident, what: string, body: object = {}): Promise<Incident> =>
  post<Incident>(pathOf(incident.id, `/${what}`), { revision: incident.revision, ...body });

type Noted = { readonly note?: string };

export const incidentApi = {
  /** By hand; `happenedAt`: of what was written by hand, ISO 8601. */
  open: (said: { readonly venueId: string; readonly note: string; readonly happenedAt?: string }) =>
    post<Incident>('/incidents', said),
  take: (incident: Incident) => act(incident, 'take'),
  offer: (incident: Incident, said: { readonly to: string } & Noted) => act(incident, 'offer', said),
  takeOver: (incident: Incident, reason: string) => act(incident, 'take-over', { reason }),
  call: (incident: Incident, said: { readonly whom: string; readonly outcome: CallOutcome } & Noted) =>
    act(incident, 'call', said),
  send: (incident: Incident, said: { readonly whom: string } & Noted) => act(incident, 'send', said),
  arrive: (incident: Incident, said: { readonly whom: string } & Noted) => act(incident, 'arrive', said),
  /** What came since it was drawn was not judged: the centre refuses what it does not know of. */
  verify: (
    incident: Incident,
    said: { readonly verdict: IncidentVerdict; readonly means: VerificationMeans } & Noted,
  ) => act(incident, 'verify', { ...said, seenCount: incident.alarmCount }),
  tell: (incident: Incident, said: { readonly answeredBy: string } & Noted) => act(incident, 'tell', said),
  plan: (incident: Incident, note: string) => act(incident, 'plan', { note }),
  /** `happenedAt`: of what was written by hand, ISO 8601. */
  note: (incident: Incident, note: string, happenedAt?: string) =>
    act(incident, 'note', { note, ...(happenedAt !== undefined && { happenedAt }) }),
  close: (incident: Incident, said: { readonly cause: IncidentCause; readonly note: string }) =>
    act(incident, 'close', said),
  /** Named as its file is; what it is the centre tells by its bytes. */
  addFile: (incident: Incident, file: File) =>
    sendFile<Incident>(
      pathOf(incident.id, '/files'),
      { name: file.name.slice(0, 120) },
      { body: file, type: 'application/octet-stream' },
      () => false,
    ),
  displayed: (incidentId: string) => postQuietly<undefined>(pathOf(incidentId, '/displayed')),
} as const;

export const incidentFilePath = (incidentId: string, fileId: string): string =>
  apiPath(pathOf(incidentId, `/files/${id(fileId)}`));

export const evidencePath = (incidentId: string): string => apiPath(pathOf(incidentId, '/evidence'));

export const deskPackPath = (language: string): string =>
  apiPath('/desk-pack', { language: language === 'en' ? 'en' : 'zh' });

const CLOSED_SHOWN = 100;
/** More lines than a night has; the rest is a page of the API. */
const STEPS_SHOWN = 1_000;

export const incidentQueries = {
  incident: (incidentId: string) =>
    queryOptions({
      queryKey: ['incident', incidentId],
      queryFn: ({ signal }) => get<Incident>(pathOf(incidentId), {}, signal),
    }),
  /** With each line that it gets it is asked for anew. */
  history: (incidentId: string, stepCount: number) =>
    queryOptions({
      queryKey: ['incidentHistory', incidentId, stepCount],
      queryFn: async ({ signal }) =>
        (await get<Page<IncidentStep>>(pathOf(incidentId, '/history'), { limit: STEPS_SHOWN }, signal)).items,
      placeholderData: keepPreviousData,
    }),
  files: (incidentId: string, count: number) =>
    queryOptions({
      queryKey: ['incidentFiles', incidentId, count],
      queryFn: async ({ signal }) => (await get<Page<IncidentFile>>(pathOf(incidentId, '/files'), {}, signal)).items,
      placeholderData: keepPreviousData,
    }),
  closed: () =>
    queryOptions({
      queryKey: ['incidentsClosed'],
      queryFn: async ({ signal }) =>
        (await get<Page<Incident>>('/incidents', { state: 'closed', limit: CLOSED_SHOWN }, signal)).items,
    }),
  /** As it is known now: facts may be registered while it burns. */
  callSheet: (incidentId: string) =>
    queryOptions({
      queryKey: ['incidentCallSheet', incidentId],
      queryFn: ({ signal }) => get<CallSheet>(pathOf(incidentId, '/call-sheet'), {}, signal),
    }),
  handlers: (incidentId: string) =>
    queryOptions({
      queryKey: ['incidentHandlers', incidentId],
      queryFn: ({ signal }) => get<IncidentHandlers>(pathOf(incidentId, '/handlers'), {}, signal),
    }),
} as const;
