import type { Source } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemWords } from '../api/problem-words.ts';
import { ShownOnce } from '../device/shown-once.tsx';
import { DataAge } from '../format/age.tsx';
import { formatCount } from '../format/quantity.ts';
import { formatInstant } from '../format/instant.ts';
import { Modal } from '../shell/modal.tsx';
import { foreignApi } from './foreign-api.ts';
import { SourceForm } from './source-form.tsx';

type Open = { readonly kind: 'new' } | { readonly kind: 'revoke'; readonly source: Source };

/** Every source with its state; a broker that is away stands out. */
export function SourceList({ sources }: { readonly sources: readonly Source[] }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const [secret, setSecret] = useState<{ sourceId: string; secret: string }>();
  const changed = (): void => void queryClient.invalidateQueries({ queryKey: ['foreignSources'] });
  return (
    <section className="panel" aria-labelledby="sources">
      <header>
        <h2 id="sources">{t('foreignSource.sources')}</h2>
        <span className="muted">{t('foreignSource.sourcesWhy')}</span>
        <button type="button" className="end" onClick={() => setOpen({ kind: 'new' })} data-testid="new-source">
          {t('foreignSource.newSource')}
        </button>
      </header>
      {sources.length === 0 ? (
        <p className="empty" data-testid="no-sources">
          {t('foreignSource.noSources')}
        </p>
      ) : (
        <ul className="sources">
          {sources.map((source) => (
            <SourceRow key={source.id} source={source} onRevoke={() => setOpen({ kind: 'revoke', source })} />
          ))}
        </ul>
      )}
      {open?.kind === 'new' ? (
        <SourceForm
          onClose={() => setOpen(undefined)}
          onCreated={(created) => {
            changed();
            setOpen(undefined);
            if (created.secret !== undefined) setSecret({ sourceId: created.sourceId, secret: created.secret });
          }}
        />
      ) : null}
      {open?.kind === 'revoke' ? (
        <RevokeDialog
          source={open.source}
          onClose={() => {
            changed();
            setOpen(undefined);
          }}
        />
      ) : null}
      {secret === undefined ? null : (
        <ShownOnce
          title={t('foreignSource.secretOf', { id: secret.sourceId })}
          secret={secret.secret}
          notes={[t('foreignSource.secretUse')]}
          onClose={() => setSecret(undefined)}
        />
      )}
    </section>
  );
}

function SourceRow({ source, onRevoke }: { readonly source: Source; readonly onRevoke: () => void }) {
  const { t } = useTranslation();
  const {
    id,
    name,
    kind,
    topics,
    broker,
    link,
    lastMessageAt,
    waiting,
    revokedAt,
    sessions,
    venueIds,
    mappingVersion,
  } = source;
  return (
    <li data-testid="source" data-id={id}>
      <div className="source-what">
        <b>{name ?? id}</b>
        {name === undefined ? null : <span className="mono muted">{id}</span>}
        <span className="tag">{t(`foreignSource.kind.${kind}`)}</span>
        {broker === undefined ? null : <span className="mono">{broker.url}</span>}
        {topics === undefined ? null : <span className="mono muted">{topics.join('  ')}</span>}
        <span className="muted">
          {venueIds === undefined
            ? t('foreignSource.allVenues')
            : t('foreignSource.someVenues', { n: venueIds.length })}
        </span>
      </div>
      <div className="source-state">
        {revokedAt !== undefined ? (
          <span className="muted">{t('foreignSource.revokedAt', { time: formatInstant(revokedAt) })}</span>
        ) : (
          <>
            {kind === 'mqttBroker' ? (
              link === undefined ? (
                <span className="muted">{t('foreignSource.link.starting')}</span>
              ) : (
                <span
                  className={link.state === 'away' ? (link.isFault ? 'link-fault' : 'link-away') : ''}
                  data-testid="link"
                  data-state={link.state}
                >
                  {t(`foreignSource.link.${link.state}`)} · <DataAge at={Date.parse(link.since)} />
                </span>
              )
            ) : null}
            {kind === 'mqttTopic' ? <span>{t('foreignSource.sessions', { n: sessions ?? 0 })}</span> : null}
            {link?.error === undefined ? null : <span className="mono link-error">{link.error}</span>}
            <span className="muted">
              {lastMessageAt === undefined ? (
                t('foreignSource.neverHeard')
              ) : (
                <>
                  {t('foreignSource.lastMessage')} <DataAge at={Date.parse(lastMessageAt)} />
                  {t('foreignSource.ago')}
                </>
              )}
            </span>
            <span className="muted">
              {mappingVersion === undefined
                ? t('foreignSource.noMapping')
                : t('foreignSource.mappingVersion', { n: mappingVersion })}
              {waiting > 0 ? ` · ${t('foreignSource.waiting', { n: formatCount(waiting) })}` : ''}
            </span>
          </>
        )}
      </div>
      {revokedAt === undefined ? (
        <button type="button" className="plain" onClick={onRevoke}>
          {t('foreignSource.revoke')}
        </button>
      ) : null}
    </li>
  );
}

function RevokeDialog({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const revoke = useMutation({ mutationFn: () => foreignApi.revoke(source.id), onSuccess: onClose });
  return (
    <Modal title={t('foreignSource.revokeTitle', { id: source.id })} onClose={onClose}>
      <div className="stack">
        <p>{t('foreignSource.revokeWhy')}</p>
        {revoke.isError ? (
          <p className="problem" role="alert">
            {problemWords(t, revoke.error)}
          </p>
        ) : null}
        <div className="actions">
          <button type="button" onClick={onClose}>
            {t('foreignSource.cancel')}
          </button>
          <button type="button" className="primary" disabled={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('foreignSource.revoke')}
          </button>
        </div>
      </div>
    </Modal>
  );
}
