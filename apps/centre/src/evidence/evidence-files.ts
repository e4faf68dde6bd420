import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Alarm } from '@fengsui/protocol';
import type { Scope } from '../access/scope.ts';
import { callOutView } from '../call-out/call-out-view.ts';
import { listCallOuts } from '../call-out/read-call-outs.ts';
import { fireFacts } from '../fire-command/fire-facts.ts';
import { listFireMessages } from '../fire-command/read-fire-messages.ts';
import { incidentStepView, incidentView } from '../incident/incident-view.ts';
import type { KeptIncident } from '../incident/kept-incident.ts';
import { findIncidentFile, listIncidentFiles } from '../incident/read-incident-files.ts';
import { listIncidentSteps } from '../incident/read-incidents.ts';
import { writeIncidentPaper } from '../paper/incident-paper.ts';
import { alarmHistory, findAlarm } from '../record/alarm-history.ts';
import { findCapture, readSamples, summaryOf } from '../record/captures.ts';
import { listDeviceEvents } from '../record/device-events.ts';
import type { Registry } from '../registry/registry.ts';
import type { CaptureState } from '../situation/kept.ts';
import type { Store } from '../store/store.ts';
import type { EvidenceFile } from './evidence-archive.ts';

export type EvidenceGround = {
  readonly scope: Scope;
  readonly store: Store;
  readonly registry: Registry;
  readonly timeZone: string;
  /** Epoch ms. */
  readonly madeAt: number;
};

/** Of each; what lies beyond is counted by the incident itself. */
const MOST = { steps: 10_000, events: 500 } as const;
/** What led to it, and what came after it was closed. */
const AROUND_MS = 600_000;

/**
 * Everything that is on record of an incident: one file after the other, so that no more than one recording is in memory.
 * Whoever asks may read contacts: those who were called are named. Rows of the audit are for its administrator alone: the
 * manifest has the head of their chain.
 */
export async function* evidenceFiles(incident: KeptIncident, ground: EvidenceGround): AsyncGenerator<EvidenceFile> {
  const { scope, store, registry, timeZone, madeAt } = ground;
  const { id } = incident;
  const numbered = await listIncidentSteps(scope, store, { id, after: 0, limit: MOST.steps });
  const steps = numbered.map(({ number, step }) => incidentStepView(number, step, true));
  const callOuts = (await listCallOuts(scope, store, id)).map((callOut) => callOutView(callOut, true));
  const messages = await listFireMessages(scope, store, id);
  const facts = fireFacts(registry, incident);
  const view = incidentView(incident);
  for (const language of ['zh', 'en'] as const) {
    const paper = { incident: view, facts, steps, callOuts };
    yield {
      name: `report-${language}.pdf`,
      body: await writeIncidentPaper(paper, { language, timeZone, madeAt }),
    };
  }
  yield json('incident.json', { ...view, facts });
  yield json('timeline.json', steps);
  yield json('calls.json', callOuts);
  yield json('messages.json', messages);
  yield* alarmFiles(incident, ground);
  yield* recordingFiles(id, ground);
  yield { name: 'verify-evidence.mjs', body: await readFile(path.join(import.meta.dirname, 'verify-evidence.mjs')) };
}

/** Each alarm with its life, what its device said around it (features and decisions), and the waveform it names. */
async function* alarmFiles(
  { alarms, openedAt, closedAt }: KeptIncident,
  ground: EvidenceGround,
): AsyncGenerator<EvidenceFile> {
  const { scope, store, madeAt } = ground;
  const until = (closedAt ?? madeAt) + AROUND_MS;
  for (const [index, { alarmId, deviceId }] of alarms.entries()) {
    const alarm = await findAlarm(scope, store, alarmId);
    const history = await alarmHistory(scope, store, alarmId);
    const told = await listDeviceEvents(scope, store, { deviceId, limit: MOST.events });
    const events = told.map(({ event }) => event).filter(({ at }) => isWithin(at, openedAt - AROUND_MS, until));
    const name = String(index + 1).padStart(3, '0');
    yield json(`alarms/${name}.json`, { alarm, history, events });
    const capture = alarm === undefined ? undefined : await captureOf(alarm, ground);
    if (capture === undefined) continue;
    const samples = await readSamples(scope, store, capture.id);
    yield json(`waveforms/${name}.json`, { capture: summaryOf(capture), samples });
  }
}

/** Alarms name it as their device does, or as the API does: `{deviceId}:{captureId}`. */
async function captureOf(
  { deviceId, captureId }: Alarm,
  { scope, store }: EvidenceGround,
): Promise<CaptureState | undefined> {
  if (captureId === undefined) return undefined;
  return findCapture(scope, store, captureId.startsWith(`${deviceId}:`) ? captureId : `${deviceId}:${captureId}`);
}

async function* recordingFiles(incidentId: string, { scope, store }: EvidenceGround): AsyncGenerator<EvidenceFile> {
  const files = await listIncidentFiles(scope, store, incidentId);
  yield json('recordings.json', files);
  for (const [index, { id: fileId, mediaType }] of files.entries()) {
    const found = await findIncidentFile(scope, store, { incidentId, fileId });
    const name = `recordings/${String(index + 1).padStart(3, '0')}.${mediaType.split('/')[1] ?? 'bin'}`;
    if (found !== undefined) yield { name, body: found.body };
  }
}

const isWithin = (at: string, from: number, to: number): boolean => Date.parse(at) >= from && Date.parse(at) <= to;

const json = (name: string, value: unknown): EvidenceFile => ({
  name,
  body: Buffer.from(`${JSON.stringify(value, undefined, 1)}\n`),
});
