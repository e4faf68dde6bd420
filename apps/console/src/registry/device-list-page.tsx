import './device-list.css';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { orderAlarms } from '../alarm/alarm-order.ts';
import { useVenues } from '../alarm/use-place.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { saveText } from '../capture/save-text.ts';
import { formatCount } from '../format/quantity.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { alarmsByDevice } from './alarms-by-device.ts';
import { DeviceFilterBar } from './device-filter-bar.tsx';
import { deviceQueryOf, isDeviceFilter, noDeviceFilter } from './device-filter.ts';
import { exportDevices } from './device-csv.ts';
import { useDevicePages } from './device-pages.ts';
import { DeviceRow, deviceColumns } from './device-row.tsx';
import { useMediaQuery } from '../shell/use-media-query.ts';
import { withSearch } from '../route/search-text.ts';

/** Every device in scope: where it stands, whether it speaks, what is wrong with it. As many rows as fit, of 50,000 too. */
export function DeviceListPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const permissions = useSession()?.permissions ?? [];
  const { state, phase } = useLiveView();
  const venues = useVenues();
  const query = useMemo(() => deviceQueryOf(search), [search]);
  const isNarrow = useMediaQuery('(max-width: 900px)');
  const rowHeight = isNarrow ? 76 : 44;
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [shown, setShown] = useState<readonly [first: number, last: number]>([0, 0]);
  const pages = useDevicePages(query, shown[0], shown[1]);
  const virtualizer = useWindowVirtualizer({
    count: pages.total ?? 0,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: top,
    onChange: ({ range }) => {
      if (range && (range.startIndex !== shown[0] || range.endIndex !== shown[1]))
        setShown([range.startIndex, range.endIndex]);
    },
  });
  useLayoutEffect(() => {
    const offset = list.current?.offsetTop ?? 0;
    if (offset !== top) setTop(offset);
  });
  useLayoutEffect(() => virtualizer.measure(), [rowHeight, virtualizer]);
  const alarms = useMemo(() => alarmsByDevice(orderAlarms(state.alarms.values())), [state.alarms]);

  const change = (changes: Readonly<Record<string, string | undefined>>): void => {
    window.scrollTo({ top: 0 });
    void navigate({ to: '/devices', search: withSearch(search, changes), replace: true });
  };
  const download = useMutation({
    mutationFn: () => exportDevices(query, t, (done) => setProgress(done)),
    onSuccess: (text) => saveText('fengsui-devices.csv', 'text/csv', text),
    onSettled: () => setProgress(undefined),
  });
  const [progress, setProgress] = useState<number>();
  const { total } = pages;

  if (!permissions.includes('registry.read')) return <p className="page">{t('problem.forbidden')}</p>;
  return (
    <div className={`page device-list-page${phase === 'disconnected' ? ' is-stale' : ''}`}>
      <div className="page-title">
        <h1>{t('field.devices')}</h1>
        <span className="muted" data-testid="device-total" data-n={total}>
          {total === undefined ? '' : t('field.deviceCount', { n: formatCount(total) })}
        </span>
        <span className="end">
          <button type="button" disabled={!total || download.isPending} onClick={() => download.mutate()}>
            {progress === undefined
              ? t('field.exportCsv')
              : t('field.exporting', { done: formatCount(progress), total: formatCount(total) })}
          </button>
        </span>
      </div>
      <DeviceFilterBar search={search} onChange={change} />
      {download.isError ? <ProblemNote error={download.error} onRetry={() => download.mutate()} /> : null}
      {pages.error ? <ProblemNote error={pages.error} onRetry={pages.retry} /> : null}
      {total === undefined && !pages.error ? (
        <p className="empty" role="status">
          {t('feed.loading')}…
        </p>
      ) : null}
      {total === 0 ? (
        <div className="panel empty" data-testid="devices-empty">
          {isDeviceFilter(search) ? (
            <>
              <p>{t('field.noneMatching')}</p>
              <button type="button" onClick={() => change(noDeviceFilter)}>
                {t('desk.clearFilter')}
              </button>
            </>
          ) : (
            <p>{t('field.noDevices')}</p>
          )}
        </div>
      ) : null}
      {total ? (
        <div
          className="panel device-list"
          role="grid"
          aria-label={t('field.devices')}
          aria-rowcount={total + 1}
          data-old={pages.isOld}
        >
          <div role="row" className="device-head" aria-rowindex={1}>
            {deviceColumns.map((column) => (
              <span key={column} role="columnheader">
                {t(`field.column.${column}`)}
              </span>
            ))}
          </div>
          <div ref={list} role="rowgroup" className="device-canvas" style={{ height: virtualizer.getTotalSize() }}>
            {virtualizer.getVirtualItems().map(({ index, key, start }) => (
              <DeviceRow
                key={key}
                index={index}
                top={start - top}
                height={rowHeight}
                device={pages.deviceAt(index)}
                venue={venues.get(pages.deviceAt(index)?.venueId ?? '')}
                presence={state.presence.get(pages.deviceAt(index)?.id ?? '')}
                alarms={alarms.get(pages.deviceAt(index)?.id ?? '')}
              />
            ))}
          </div>
        </div>
      ) : null}
    </div>
  );
}
