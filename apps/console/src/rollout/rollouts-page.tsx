import './rollout.css';
import type { Release, Rollout } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { ProblemNote } from '../api/problem-note.tsx';
import { formatInstant } from '../format/instant.ts';
import { BeginDialog } from './begin-dialog.tsx';
import { rolloutQueries } from './rollout-api.ts';
import { GroupWords, RolloutState } from './rollout-words.tsx';

/** Models and programs for terminals: what is rolled out, and what could be. */
export function RolloutsPage() {
  const { t } = useTranslation();
  const session = useSession();
  const mayRead = usePermission('rollout.read');
  const mayManage = usePermission('rollout.manage');
  const [release, setRelease] = useState<Release>();
  const rollouts = useQuery({ ...rolloutQueries.rollouts(), enabled: mayRead });
  const releases = useQuery({ ...rolloutQueries.releases(), enabled: mayRead });
  if (session && !mayRead)
    return <p className="page">{t('rollout.notAllowed', { role: t(`role.${session.role}`) })}</p>;
  return (
    <div className="page rollouts-page">
      <div className="page-title">
        <h1>{t('rollout.title')}</h1>
        <span className="muted">{t('rollout.intro')}</span>
      </div>
      <section className="panel" aria-labelledby="rollouts">
        <header>
          <h2 id="rollouts">{t('rollout.rollouts')}</h2>
        </header>
        {rollouts.isError && !rollouts.data ? (
          <ProblemNote error={rollouts.error} onRetry={() => void rollouts.refetch()} />
        ) : rollouts.data === undefined ? (
          <p className="empty">{t('feed.loading')}…</p>
        ) : rollouts.data.length === 0 ? (
          <p className="empty" data-testid="no-rollouts">
            {t('rollout.noRollouts')}
          </p>
        ) : (
          <ul className="rollout-list">
            {rollouts.data.map((rollout) => (
              <RolloutRow key={rollout.id} rollout={rollout} />
            ))}
          </ul>
        )}
      </section>
      <section className="panel" aria-labelledby="releases">
        <header>
          <h2 id="releases">{t('rollout.releases')}</h2>
          <span className="muted">{t('rollout.releasesWhy')}</span>
        </header>
        {releases.isError && !releases.data ? (
          <ProblemNote error={releases.error} onRetry={() => void releases.refetch()} />
        ) : releases.data === undefined ? (
          <p className="empty">{t('feed.loading')}…</p>
        ) : releases.data.length === 0 ? (
          <div className="empty" data-testid="no-releases">
            <p>{t('rollout.noReleases')}</p>
            <pre className="mono">{`fengsui release keygen --key release.pem --public release-keys.json
fengsui release sign --key release.pem --kind model --file city-2.json --notes-zh … --notes-en … --manifest city-2.manifest.json
fengsui release upload --centre ${window.location.origin} --token-file admin.token --manifest city-2.manifest.json --file city-2.json`}</pre>
          </div>
        ) : (
          <ul className="release-list">
            {releases.data.map((item) => (
              <ReleaseRow key={item.id} release={item} onBegin={mayManage ? () => setRelease(item) : undefined} />
            ))}
          </ul>
        )}
      </section>
      {release === undefined ? null : <BeginDialog release={release} onClose={() => setRelease(undefined)} />}
    </div>
  );
}

function RolloutRow({ rollout }: { readonly rollout: Rollout }) {
  const { t } = useTranslation();
  const { manifest, stages, deviceCount } = rollout;
  const running = stages.reduce((sum, { counts }) => sum + counts.running, 0);
  const failed = stages.reduce((sum, { counts }) => sum + counts.failed, 0);
  return (
    <li data-testid="rollout" data-id={rollout.id}>
      <div className="rollout-what">
        <Link to="/rollouts/$rolloutId" params={{ rolloutId: rollout.id }}>
          <b>
            {t(`rollout.kind.${manifest.kind}`)} {manifest.name} {manifest.version}
          </b>
        </Link>
        <span className="muted">
          <GroupWords group={rollout.group} /> · {formatInstant(rollout.startedAt)} · {rollout.startedBy}
        </span>
      </div>
      <div className="rollout-how">
        <RolloutState rollout={rollout} />
        <span>{t('rollout.runningOf', { n: running, all: deviceCount })}</span>
        {failed > 0 ? <span className="warn-words">{t('rollout.failedCount', { n: failed })}</span> : null}
      </div>
      <div className="rollout-bar" aria-hidden="true">
        {stages.map((stage, index) => (
          <span key={index} className="stage-bar" style={{ flexGrow: Math.max(1, Math.sqrt(stage.deviceCount)) }}>
            <span className="part running" style={{ flexGrow: stage.counts.running }} />
            <span className="part failed" style={{ flexGrow: stage.counts.failed }} />
            <span
              className="part waiting"
              style={{ flexGrow: stage.deviceCount - stage.counts.running - stage.counts.failed }}
            />
          </span>
        ))}
      </div>
    </li>
  );
}

function ReleaseRow({ release, onBegin }: { readonly release: Release; readonly onBegin: (() => void) | undefined }) {
  const { t, i18n } = useTranslation();
  const { manifest, hasFile } = release;
  return (
    <li data-testid="release" data-id={release.id}>
      <div className="rollout-what">
        <b>
          {t(`rollout.kind.${manifest.kind}`)} {manifest.name} {manifest.version}
          {manifest.rollBack === true ? <span className="tag">{t('rollout.asRollBack')}</span> : null}
        </b>
        <span>{i18n.language.startsWith('zh') ? manifest.notes.zh : manifest.notes.en}</span>
        <span className="muted">
          {t('rollout.signedBy', { key: manifest.keyId })} ·{' '}
          {t('rollout.size', { n: Math.ceil(manifest.bytes / 1024) })} · {formatInstant(release.addedAt)} ·{' '}
          {release.addedBy}
        </span>
      </div>
      {hasFile ? null : <span className="warn-words">{t('rollout.noFile')}</span>}
      {onBegin === undefined ? null : (
        <button type="button" disabled={!hasFile} onClick={onBegin} data-testid="begin">
          {t('rollout.begin')}
        </button>
      )}
    </li>
  );
}
