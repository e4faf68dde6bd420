import './foreign.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { withSearch } from '../route/search-text.ts';
import { foreignQueries } from './foreign-api.ts';
import { GroupList } from './group-list.tsx';
import { MapMaker } from './map-maker.tsx';
import { SourceList } from './source-list.tsx';

/** Platforms of others: how each stands, what of theirs nobody can read yet, and how that becomes a mapping. */
export function ForeignPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayManage = usePermission('foreign.manage');
  const navigate = useNavigate();
  const search = useSearch({ strict: false });
  const sources = useQuery({ ...foreignQueries.sources(), enabled: mayManage });
  const groups = useQuery({ ...foreignQueries.groups(), enabled: mayManage });
  if (session && !mayManage)
    return <p className="page">{t('foreignSource.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  const { source, shape } = search;
  const open = (changes: { source?: string | undefined; shape?: string | undefined }): void =>
    void navigate({ to: '/foreign', search: withSearch(search, changes) });
  if (source !== undefined && shape !== undefined)
    return (
      <MapMaker
        key={`${source}/${shape}`}
        sourceId={source}
        shape={shape}
        group={groups.data?.find((group) => group.sourceId === source && group.shape === shape)}
        onClose={() => open({ source: undefined, shape: undefined })}
      />
    );
  return (
    <div className="page foreign-page">
      <div className="page-title">
        <h1>{t('foreignSource.title')}</h1>
        <span className="muted">{t('foreignSource.intro')}</span>
      </div>
      {sources.isError ? <ProblemNote error={sources.error} onRetry={() => void sources.refetch()} /> : null}
      {groups.isError ? <ProblemNote error={groups.error} onRetry={() => void groups.refetch()} /> : null}
      {sources.data ? <SourceList sources={sources.data} /> : null}
      {groups.data ? (
        <GroupList groups={groups.data} onOpen={(group) => open({ source: group.sourceId, shape: group.shape })} />
      ) : null}
    </div>
  );
}
