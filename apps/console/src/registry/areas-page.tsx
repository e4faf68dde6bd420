import './areas.css';
import type { Area, Circuit } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { AreaDialog } from './area-dialog.tsx';
import { AreaTree } from './area-tree-view.tsx';
import { CircuitDialog } from './circuit-dialog.tsx';
import { CircuitTable } from './circuit-table.tsx';
import { ContactPanel } from './contact-panel.tsx';

type Open =
  | { readonly kind: 'area'; readonly area?: Area; readonly parentId?: string }
  | { readonly kind: 'circuit'; readonly circuit: Circuit; readonly isNew: boolean };

/** One venue from the inside: its areas, the circuits that feed them, and the people to call. */
export function AreasPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const session = useSession();
  const mayManage = usePermission('registry.manage');
  const mayReadContacts = usePermission('contact.read');
  const venues = useQuery(queries.venues());
  const sorted = [...(venues.data ?? [])].sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  const venueId = search.venue ?? sorted[0]?.id ?? '';
  const venue = sorted.find(({ id }) => id === venueId);
  const enabled = venue !== undefined;
  const areas = useQuery({ ...queries.areas(venueId), enabled });
  const circuits = useQuery({ ...queries.circuits(venueId), enabled });
  const devices = useQuery({ ...queries.devices(venueId), enabled });
  const coverage = useQuery(queries.coverage()).data?.find((found) => found.venueId === venueId);
  const [open, setOpen] = useState<Open>();
  const choose = (id: string): void =>
    void navigate({ to: '/areas', search: withSearch(search, { venue: id }), replace: true });
  return (
    <div className="page areas-page">
      <div className="page-title">
        <h1>{t('field.areas')}</h1>
        {sorted.length > 0 ? (
          <select aria-label={t('area.choose')} value={venueId} onChange={({ target }) => choose(target.value)}>
            {venue ? null : <option value={venueId}>{venueId}</option>}
            {sorted.map((one) => (
              <option key={one.id} value={one.id}>
                {nameOf(one, i18n.language, one.id)}
              </option>
            ))}
          </select>
        ) : null}
        {venue ? (
          <>
            <Link to="/venues/$venueId" params={{ venueId }} className="muted">
              {t('venue.title')}
            </Link>
            <Link to="/blind-spots" search={{ venue: venueId }} className="muted">
              {t('blind.title')}
            </Link>
          </>
        ) : null}
        {session && !mayManage ? (
          <span className="muted">{t('area.noRight', { role: t(`role.${session.role}`) })}</span>
        ) : null}
      </div>
      {venues.isError && !venues.data ? (
        <ProblemNote error={venues.error} onRetry={() => void venues.refetch()} />
      ) : null}
      {venues.data?.length === 0 ? <p className="panel empty">{t('area.noVenues')}</p> : null}
      {venues.data && venues.data.length > 0 && !venue ? (
        <p className="panel empty">{t('venue.notFound', { id: venueId })}</p>
      ) : null}
      {venue ? (
        <div className="areas-columns">
          <div className="page-part">
            <section className="panel" aria-labelledby="areas-title">
              <header>
                <h2 id="areas-title">{t('area.tree')}</h2>
                {mayManage ? (
                  <button
                    type="button"
                    className="end"
                    data-testid="add-area"
                    onClick={() => setOpen({ kind: 'area' })}
                  >
                    {t('area.add')}
                  </button>
                ) : null}
              </header>
              {areas.isError && !areas.data ? (
                <ProblemNote error={areas.error} onRetry={() => void areas.refetch()} />
              ) : null}
              {areas.data?.length === 0 ? <p className="empty">{t('area.none')}</p> : null}
              {areas.data ? (
                <AreaTree
                  areas={areas.data}
                  devices={devices.data ?? []}
                  blind={coverage?.blindAreas ?? []}
                  {...(mayManage && {
                    onEdit: (area: Area) => setOpen({ kind: 'area', area }),
                    onAddBelow: (parentId: string) => setOpen({ kind: 'area', parentId }),
                  })}
                />
              ) : null}
            </section>
            <ContactPanel venueId={venueId} />
            {/* Of no venue: for who sees them all. */}
            {mayReadContacts && session?.venueIds === undefined ? <ContactPanel venueId="" /> : null}
          </div>
          <section className="panel" aria-labelledby="circuits-title">
            <header>
              <h2 id="circuits-title">{t('circuit.title')}</h2>
              <span className="muted">{t('circuit.protectedWhy')}</span>
            </header>
            {circuits.isError && !circuits.data ? (
              <ProblemNote error={circuits.error} onRetry={() => void circuits.refetch()} />
            ) : null}
            {circuits.data?.length === 0 ? <p className="empty">{t('circuit.none')}</p> : null}
            {circuits.data && devices.data ? (
              <CircuitTable
                circuits={circuits.data}
                devices={devices.data}
                areas={areas.data ?? []}
                {...(mayManage && {
                  onEdit: (circuit: Circuit, isNew: boolean) => setOpen({ kind: 'circuit', circuit, isNew }),
                })}
              />
            ) : null}
          </section>
        </div>
      ) : null}
      {open?.kind === 'area' ? (
        <AreaDialog
          venueId={venueId}
          areas={areas.data ?? []}
          {...(open.area !== undefined && { area: open.area })}
          {...(open.parentId !== undefined && { parentId: open.parentId })}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open?.kind === 'circuit' ? (
        <CircuitDialog
          circuit={open.circuit}
          areas={areas.data ?? []}
          device={devices.data?.find(({ id }) => id === open.circuit.deviceId)}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </div>
  );
}
