import './evidence.css';
import type { Alarm } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { formatNear } from '../format/instant.ts';
import { kindName, nameOf, pointName } from '../locale/words.ts';

type Contribution = NonNullable<Alarm['contributions']>[number];

/** What a fire was concluded from: what spoke for it, since when, and how strongly; the strongest first. */
export function Contributions({ alarm }: { readonly alarm: Alarm }) {
  const { t } = useTranslation();
  const found = [...(alarm.contributions ?? [])].sort((a, b) => b.likelihoodRatio - a.likelihoodRatio);
  const strongest = Math.log(Math.max(Math.E, ...found.map(({ likelihoodRatio }) => likelihoodRatio)));
  if (found.length === 0) return null;
  return (
    <section className="matches contributions" data-testid="contributions">
      <h3>{t('contributions.title')}</h3>
      <ul>
        {found.map((one) => (
          <Line key={`${one.from} ${one.modality}`} one={one} strongest={strongest} />
        ))}
      </ul>
      <p className="muted">{t('contributions.why')}</p>
    </section>
  );
}

function Line({ one, strongest }: { readonly one: Contribution; readonly strongest: number }) {
  const { t, i18n } = useTranslation();
  const { from, modality, likelihoodRatio, since } = one;
  const isNeighbour = modality === 'neighbour';
  const [deviceId = '', pointId = ''] = from.split('/');
  const { data: device } = useQuery({ ...queries.device(deviceId), staleTime: 10 * 60_000, enabled: !isNeighbour });
  const where = isNeighbour ? from : nameOf(device, i18n.language, deviceId);
  const what = isNeighbour ? t('contributions.neighbour') : whatOf(modality, pointId);
  const share = Math.max(0, Math.log(likelihoodRatio)) / strongest;
  return (
    <li>
      <span className="match-name">
        <b>{what}</b> {where}
        {since === undefined ? null : <small>{t('load.since', { time: formatNear(since, Date.now()) })}</small>}
      </span>
      <span className="match-bar" aria-hidden="true">
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <b>× {likelihoodRatio.toLocaleString(i18n.language, { maximumSignificantDigits: 2 })}</b>
    </li>
  );

  /** A reading by its quantity, a hazard of the wiring by its kind. */
  function whatOf(kind: string, point: string): string {
    return point.includes('.') ? pointName(t, point) : `${pointName(t, point)} ${kindName(t, kind)}`;
  }
}
