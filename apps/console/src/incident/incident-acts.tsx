import type { Incident, IncidentAct } from '@fengsui/protocol';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ActDialog, type AskedAct } from './act-dialog.tsx';
import { incidentApi } from './incident-resources.ts';
import { nextActOf } from './incident-order.ts';
import { useIncidentAct } from './use-incident-act.ts';

/** Besides the next one, in the order they stand. `take` has no form. */
const FOR_OWNERS: readonly AskedAct[] = ['call', 'send', 'arrive', 'verify', 'tell', 'plan', 'offer', 'close'];

/** @param stepRequest rises when a key asks for the next act; absent: no key does. */
export function IncidentActs({
  incident,
  stepRequest,
}: {
  readonly incident: Incident;
  readonly stepRequest?: number;
}) {
  const { t } = useTranslation();
  const username = useSession()?.username;
  const mayHandle = usePermission('incident.handle');
  const mayTakeOver = usePermission('incident.takeOver');
  const [dialog, setDialog] = useState<AskedAct>();
  const { run, isBusy, failure } = useIncidentAct(incident.id);
  const next = mayHandle ? nextActOf(incident, username) : undefined;
  const isMine = incident.owner !== undefined && incident.owner === username;
  const isAnothers = incident.owner !== undefined && !isMine;

  const begin = (act: IncidentAct): void => {
    if (act === 'take') void run(() => incidentApi.take(incident));
    else setDialog(act);
  };
  const onRequest = useEffectEvent(() => {
    if (next !== undefined && dialog === undefined && !isBusy) begin(next);
  });
  const seenRequest = useRef(stepRequest);
  useEffect(() => {
    if (seenRequest.current === stepRequest) return;
    seenRequest.current = stepRequest;
    onRequest();
  }, [stepRequest]);

  if (!mayHandle) return null;
  const others = isMine ? FOR_OWNERS.filter((act) => act !== next && incident.acts.includes(act)) : [];
  return (
    <div className="incident-acts" data-testid="incident-acts">
      {next === undefined ? null : (
        <button
          type="button"
          className="primary"
          disabled={isBusy}
          onClick={() => begin(next)}
          data-testid={`incident-${next}`}
        >
          {isBusy ? t('desk.sending') : t(`incident.act.${next}`)} {stepRequest === undefined ? null : <kbd>I</kbd>}
        </button>
      )}
      {others.map((act) => (
        <button key={act} type="button" onClick={() => setDialog(act)} data-testid={`incident-${act}`}>
          {t(`incident.act.${act}`)}
        </button>
      ))}
      {incident.acts.includes('note') ? (
        <button type="button" onClick={() => setDialog('note')} data-testid="incident-note">
          {t('incident.act.note')}
        </button>
      ) : null}
      {isAnothers && mayTakeOver && incident.acts.includes('takeOver') ? (
        <button type="button" onClick={() => setDialog('takeOver')} data-testid="incident-takeOver">
          {t('incident.act.takeOver')}
        </button>
      ) : null}
      {failure === undefined || dialog !== undefined ? null : (
        <p className="problem" role="alert">
          {failure}
        </p>
      )}
      {dialog === undefined ? null : (
        <ActDialog key={dialog} act={dialog} incident={incident} onClose={() => setDialog(undefined)} />
      )}
    </div>
  );
}
