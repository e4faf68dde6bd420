import './shell.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePermission, useSession } from '../account/use-session.ts';
import { api } from '../api/resources.ts';
import { AlarmChip } from './alarm-chip.tsx';
import { FeedBar } from './feed-bar.tsx';
import { FeedChip } from './feed-chip.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { OriginChip } from './origin-mark.tsx';
import { useScreenOrigin } from './use-screen-origin.ts';

/** Header, state of the feed and the page under it: every page but the wall and the log-in. */
export function AppShell() {
  const { t } = useTranslation();
  const session = useSession();
  const mayManageUsers = usePermission('user.manage');
  const origin = useScreenOrigin();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <div className={`shell${path === '/desk' ? ' fixed' : ''}`}>
      <a className="skip" href="#main">
        {t('nav.skip')}
      </a>
      <header className="top">
        <Link to="/desk" className="brand">
          {t('product.name')}
          <small>{t('product.latin')}</small>
        </Link>
        <nav aria-label={t('nav.label')}>
          <Link to="/desk">{t('nav.desk')}</Link>
          <Link to="/venues">{t('nav.venues')}</Link>
          <Link to="/wall">{t('nav.wall')}</Link>
          {mayManageUsers ? <Link to="/accounts">{t('nav.accounts')}</Link> : null}
        </nav>
        <OriginChip {...origin} />
        <div className="end">
          <AlarmChip />
          <FeedChip />
          <LanguageSwitch />
          {session ? (
            <span className="muted who" data-testid="who">
              {session.username} · {t(`role.${session.role}`)}
            </span>
          ) : null}
          <LogOut />
        </div>
      </header>
      <div>
        <FeedBar />
      </div>
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function LogOut() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => api.logout(),
    // Also when the centre cannot be asked: whoever logs out must not go on looking at alarms.
    onSettled: () => {
      queryClient.clear();
      void navigate({ to: '/login' });
    },
  });
  return (
    <button type="button" className="plain" disabled={leave.isPending} onClick={() => leave.mutate()}>
      {t('nav.logout')}
    </button>
  );
}
