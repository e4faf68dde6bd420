import './command.css';
import type { Device, Point } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { queries } from '../api/queries.ts';
import { CommandForm } from './command-form.tsx';
import { CommandRecord } from './command-record.tsx';

const FIRST = 20;

/** Orders to a device, and what became of each of them. */
export function CommandTab({ device, points }: { readonly device: Device; readonly points: readonly Point[] }) {
  const { t } = useTranslation();
  const session = useSession();
  const mayCommand = usePermission('device.command');
  const [limit, setLimit] = useState(FIRST);
  const commands = useQuery(queries.commands(device.id, limit));
  const items = commands.data?.items ?? [];
  return (
    <div className="command-columns">
      <section className="panel" aria-labelledby="command-title">
        <header>
          <h2 id="command-title">{t('command.give')}</h2>
        </header>
        {mayCommand ? (
          <CommandForm key={device.id} device={device} points={points} earlier={items} />
        ) : session ? (
          <p className="muted">{t('command.noRight', { role: t(`role.${session.role}`) })}</p>
        ) : null}
      </section>
      <section className="panel" aria-labelledby="records-title">
        <header>
          <h2 id="records-title">{t('command.records')}</h2>
        </header>
        {commands.isError ? <ProblemNote error={commands.error} onRetry={() => void commands.refetch()} /> : null}
        {commands.data && items.length === 0 ? <p className="empty">{t('command.none')}</p> : null}
        <ol className="command-list" aria-live="polite">
          {items.map((command) => (
            <CommandRecord key={command.id} command={command} points={points} />
          ))}
        </ol>
        {commands.data?.nextCursor && limit < 1_000 ? (
          <button type="button" className="plain" onClick={() => setLimit(Math.min(1_000, limit * 5))}>
            {t('command.more')}
          </button>
        ) : null}
      </section>
    </div>
  );
}
