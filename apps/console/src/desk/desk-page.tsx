import './desk.css';
import type { Alarm } from '@fengsui/protocol';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { filterOfSearch, isFiltering, passesFilter, searchOfFilter, type AlarmFilter } from '../alarm/alarm-filter.ts';
import { countAlarms, orderAlarms } from '../alarm/alarm-order.ts';
import { standingOf } from '../alarm/alarm-standing.ts';
import { useVenues } from '../alarm/use-place.ts';
import { api } from '../api/resources.ts';
import { useLiveView } from '../live/live-feed.tsx';
import { kindName, nameOf } from '../locale/words.ts';
import { withSearch } from '../route/search-text.ts';
import { useFeedAge } from '../shell/feed-chip.tsx';
import { AlarmDetail } from './alarm-detail.tsx';
import { AlarmList } from './alarm-list.tsx';
import { FilterBar } from './filter-bar.tsx';
import { KeyHints } from './key-hints.tsx';
import { HelpSheet } from './help-sheet.tsx';
import type { DeskAction } from './key-bindings.ts';
import { NewAlarmsPill } from './new-alarms-pill.tsx';
import { NoteDialog } from './note-dialog.tsx';
import { ShelveDialog } from './shelve-dialog.tsx';
import { useAlarmActs } from './use-alarm-acts.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useHeldQueue } from './use-held-queue.ts';
import { useLetterKeys } from './use-letter-keys.ts';

type Dialog =
  | { readonly kind: 'acknowledge' | 'shelve' | 'inspect'; readonly alarms: readonly Alarm[] }
  | { readonly kind: 'help' };

/** The duty desk: one queue that never moves under the hand, and everything about the alarm that is open. */
export function DeskPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const session = useSession();
  const venues = useVenues();
  const { state, phase } = useLiveView();
  const age = useFeedAge() ?? '–';
  const mayAcknowledge = usePermission('alarm.acknowledge');
  const mayShelve = usePermission('alarm.shelve');
  const mayInspect = usePermission('alarm.inspect');
  const [areLettersOn, setLetters] = useLetterKeys();
  const acts = useAlarmActs();
  const [focus, setFocus] = useState<{ id: string | undefined; request: number }>({ id: undefined, request: 0 });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [dialog, setDialog] = useState<Dialog>();
  const [holds, setHolds] = useState({ hover: false, focus: false, scroll: false });
  const [notice, setNotice] = useState('');
  const searchInput = useRef<HTMLInputElement>(null);

  const filter = useMemo(() => filterOfSearch(search), [search]);
  const ordered = useMemo(() => {
    const words = (alarm: Alarm): string =>
      `${kindName(t, alarm.kind)} ${nameOf(venues.get(alarm.venueId), i18n.language, '')}`;
    return orderAlarms([...state.alarms.values()].filter((alarm) => passesFilter(filter, alarm, words(alarm))));
  }, [state.alarms, filter, venues, i18n.language, t]);
  const isHeld = holds.hover || holds.focus || holds.scroll || dialog !== undefined || selected.size > 0;
  const { queue, insert } = useHeldQueue(ordered, isHeld, JSON.stringify(filter));
  const rows = useMemo(
    () => queue.shownIds.flatMap((id) => state.alarms.get(id) ?? state.ended.get(id) ?? []),
    [queue.shownIds, state.alarms, state.ended],
  );
  const counts = useMemo(() => countAlarms(state.alarms.values()), [state.alarms]);
  const openId = search.sel;
  const open = openId === undefined ? undefined : (state.alarms.get(openId) ?? state.ended.get(openId));

  const setOpen = (sel: string | undefined): void => {
    void navigate({ to: '/desk', search: withSearch(search, { sel }), replace: true });
  };
  const setFilter = (next: AlarmFilter): void => {
    void navigate({ to: '/desk', search: withSearch(searchOfFilter(next), { sel: openId }), replace: true });
  };
  const showRow = (id: string): void => {
    setFocus({ id, request: focus.request });
    setOpen(id);
  };

  /** The alarms an act is meant for: the selected ones, else the row with the focus, else the open one. */
  const targets = (): Alarm[] => {
    const ids = selected.size > 0 ? [...selected] : [focus.id ?? openId];
    return ids.flatMap((id) => (id === undefined ? [] : (state.alarms.get(id) ?? [])));
  };

  const refuse = (words: string): void => setNotice(words);

  const acknowledge = (alarms: readonly Alarm[], note?: string): Promise<string | undefined> => {
    const waiting = alarms.filter(({ state: word }) => standingOf(word) === 'unacknowledged');
    setSelected(new Set());
    setNotice('');
    return Promise.all(waiting.map((alarm) => acts.act(alarm, (id) => api.acknowledge(id, note)))).then((refusals) => {
      const refusal = refusals.find((words) => words !== undefined);
      if (refusal !== undefined) refuse(t('desk.notSent', { detail: refusal }));
      return refusal;
    });
  };

  const start = (kind: 'acknowledge' | 'acknowledgeWithNote' | 'shelve' | 'inspect', alarms = targets()): void => {
    const isAllowed = kind === 'shelve' ? mayShelve : kind === 'inspect' ? mayInspect : mayAcknowledge;
    if (!isAllowed && session) {
      const act = t(kind === 'shelve' ? 'desk.shelve' : kind === 'inspect' ? 'desk.inspect' : 'desk.acknowledge');
      return refuse(t('desk.noPermission', { role: t(`role.${session.role}`), act }));
    }
    if (alarms.length === 0) return refuse(t('desk.nothingSelected'));
    setNotice('');
    if (kind === 'shelve' || kind === 'inspect') return setDialog({ kind, alarms });
    if (alarms.every(({ state: word }) => standingOf(word) !== 'unacknowledged'))
      return refuse(t('desk.alreadyAcknowledged'));
    if (kind === 'acknowledgeWithNote') return setDialog({ kind: 'acknowledge', alarms });
    void acknowledge(alarms);
  };

  const move = (step: 1 | -1): void => {
    const index = rows.findIndex(({ id }) => id === focus.id);
    const next = rows[index === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step))];
    if (!next) return;
    setFocus({ id: next.id, request: focus.request + 1 });
    if (openId !== undefined) setOpen(next.id);
  };

  const toggleSelected = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };

  const insertNew = (): void => {
    insert();
    document.querySelector('.alarm-body')?.scrollTo({ top: 0 });
  };

  const release = (): void => {
    if (selected.size > 0) return setSelected(new Set());
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (openId !== undefined) setOpen(undefined);
    setFocus({ id: undefined, request: focus.request });
    setNotice('');
  };

  const run: Record<DeskAction, () => void> = {
    next: () => move(1),
    previous: () => move(-1),
    open: () => focus.id !== undefined && setOpen(focus.id),
    acknowledge: () => start('acknowledge'),
    acknowledgeWithNote: () => start('acknowledgeWithNote'),
    shelve: () => start('shelve'),
    select: () => focus.id !== undefined && toggleSelected(focus.id),
    insertNew,
    search: () => searchInput.current?.focus(),
    help: () => setDialog({ kind: 'help' }),
    release,
  };
  useDeskKeys(areLettersOn, dialog !== undefined, (action) => run[action]());

  const subject = (alarms: readonly Alarm[]): string =>
    alarms
      .map((alarm) => `${kindName(t, alarm.kind)} · ${nameOf(venues.get(alarm.venueId), i18n.language, alarm.venueId)}`)
      .join('; ');

  const sendToAll = async (
    alarms: readonly Alarm[],
    send: (id: string) => Promise<unknown>,
  ): Promise<string | undefined> => {
    const refusals = await Promise.all(alarms.map((alarm) => acts.act(alarm, send)));
    setSelected(new Set());
    return refusals.find((words) => words !== undefined);
  };

  const emptyWords =
    phase === 'loading'
      ? t('desk.loading')
      : phase === 'disconnected'
        ? t('desk.unknown')
        : isFiltering(filter)
          ? t('desk.emptyFilter', { n: counts.total, age })
          : t('desk.empty', { age });

  return (
    <div className={`desk${openId === undefined ? '' : ' has-detail'}`}>
      <section className="desk-queue" aria-labelledby="queue-title">
        <header>
          <h1 id="queue-title">{t('desk.queue')}</h1>
          <span className="muted" data-testid="alarm-counts">
            {phase === 'loading' ? '' : t('desk.counts', counts)}
          </span>
          <span className={`chip hold-chip${isHeld ? ' held' : ''}`} title={isHeld ? t('desk.heldWhy') : undefined}>
            {isHeld ? `‖ ${t('desk.held')}` : t('desk.following')}
          </span>
          <button type="button" className="plain end" onClick={() => setDialog({ kind: 'help' })}>
            {t('desk.help')} <kbd>?</kbd>
          </button>
        </header>
        <FilterBar filter={filter} searchRef={searchInput} onFilter={setFilter} />
        <AlarmList
          alarms={rows}
          pending={acts.pending}
          focus={focus}
          openId={openId}
          selected={selected}
          isStale={phase === 'disconnected'}
          emptyWords={emptyWords}
          pill={<NewAlarmsPill queue={queue} onInsert={insertNew} />}
          onHold={(reason, isOn) => setHolds((all) => (all[reason] === isOn ? all : { ...all, [reason]: isOn }))}
          onFocusRow={(id) => setFocus((now) => (now.id === id ? now : { id, request: now.request }))}
          onOpen={showRow}
          onSelect={toggleSelected}
        />
        <div className="act-bar" role="status">
          {selected.size > 0 ? (
            <>
              <b>{t('desk.selected', { n: selected.size })}</b>
              <button type="button" className="primary" onClick={() => start('acknowledge')}>
                {t('desk.acknowledgeMany', { n: selected.size })}
              </button>
              <button type="button" onClick={() => start('shelve')}>
                {t('desk.shelve')}
              </button>
              <button type="button" onClick={() => setSelected(new Set())}>
                {t('desk.clearSelection')}
              </button>
            </>
          ) : notice ? (
            <span className="notice">{notice}</span>
          ) : (
            <KeyHints areLettersOn={areLettersOn} />
          )}
        </div>
      </section>
      {openId === undefined ? null : (
        <aside className="desk-detail panel" aria-label={t('detail.label')} data-testid="alarm-detail">
          <button
            type="button"
            className="plain close"
            aria-label={t('detail.close')}
            onClick={() => setOpen(undefined)}
          >
            ✕
          </button>
          {open ? (
            <AlarmDetail
              alarm={open}
              actions={
                <>
                  {standingOf(open.state) === 'unacknowledged' ? (
                    <button type="button" className="primary" onClick={() => start('acknowledge', [open])}>
                      {t('desk.acknowledge')} <kbd>A</kbd>
                    </button>
                  ) : null}
                  {open.state === 'shelved' ? (
                    <button type="button" onClick={() => void acts.act(open, api.unshelve)}>
                      {t('desk.unshelve')}
                    </button>
                  ) : open.state === 'normal' ? null : (
                    <button type="button" onClick={() => start('shelve', [open])}>
                      {t('desk.shelve')} <kbd>S</kbd>
                    </button>
                  )}
                  {open.state === 'latchedAcknowledged' || open.state === 'latchedUnacknowledged' ? (
                    <button type="button" onClick={() => start('inspect', [open])}>
                      {t('desk.inspect')}
                    </button>
                  ) : null}
                </>
              }
            />
          ) : (
            <p className="empty">{phase === 'loading' ? t('desk.loading') : t('detail.gone')}</p>
          )}
        </aside>
      )}
      {dialog?.kind === 'help' ? (
        <HelpSheet areLettersOn={areLettersOn} onLetters={setLetters} onClose={() => setDialog(undefined)} />
      ) : dialog?.kind === 'shelve' ? (
        <ShelveDialog
          subject={subject(dialog.alarms)}
          onSend={(until, reason) => sendToAll(dialog.alarms, (id) => api.shelve(id, until, reason))}
          onClose={() => setDialog(undefined)}
        />
      ) : dialog ? (
        <NoteDialog
          purpose={dialog.kind}
          subject={subject(dialog.alarms)}
          onSend={(note) =>
            dialog.kind === 'inspect'
              ? sendToAll(dialog.alarms, (id) => api.inspect(id, note))
              : acknowledge(dialog.alarms, note)
          }
          onClose={() => setDialog(undefined)}
        />
      ) : null}
    </div>
  );
}
