import './shell.css';
import './field.css';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { leaveSeat } from '../account/owed-leave.ts';
import { LockBar, LockButton, LockCover } from '../account/lock-bar.tsx';
import { useIsSeatLocked } from '../account/seat-lock.ts';
import { useSession } from '../account/use-session.ts';
import { CentreStateBar } from '../centre-state/centre-state-bar.tsx';
import { TestBar } from '../commissioning/test-bar.tsx';
import { IsolationBar } from '../isolation/isolation-bar.tsx';
import { SeatSound } from '../sound/seat-sound.tsx';
import { UnheardBar } from '../sound/unheard-bar.tsx';
import { AlarmChip } from './alarm-chip.tsx';
import { FeedBar } from './feed-bar.tsx';
import { FeedChip } from './feed-chip.tsx';
import { FieldBar } from './field-bar.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { dutyItems, fieldItems, houseItems, isWithin, type NavigationItem } from './navigation.ts';
import { OriginChip } from './origin-mark.tsx';
import { useScreenOrigin } from './use-screen-origin.ts';

/** Header, state of the feed and the page under it: every page but the wall and the log-in. */
export function AppShell() {
  const { t } = useTranslation();
  const session = useSession();
  const origin = useScreenOrigin();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isAllowed = ({ permission }: NavigationItem): boolean => session?.permissions.includes(permission) ?? false;
  const fieldStart = fieldItems.find(isAllowed);
  const isCovered = useIsSeatLocked() && path !== '/desk';
  const isInField = fieldItems.some((item) => isWithin(path, item));
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
          {dutyItems.filter(isAllowed).map((item) => (
            <Link key={item.to} to={item.to}>
              {item.word(t)}
            </Link>
          ))}
          {fieldStart ? (
            <Link to={fieldStart.to} {...(isInField && { 'aria-current': 'true' })} data-testid="nav-field">
              {t('field.title')}
            </Link>
          ) : null}
          {houseItems.filter(isAllowed).map((item) => (
            <Link key={item.to} to={item.to}>
              {item.word(t)}
            </Link>
          ))}
        </nav>
        <OriginChip {...origin} />
        <div className="end">
          <SeatSound />
          <AlarmChip />
          <FeedChip />
          <LanguageSwitch />
          {session ? (
            <Link to="/account" className="muted who" data-testid="who">
              {session.username}
              <span> · {t(`role.${session.role}`)}</span>
            </Link>
          ) : null}
          <LockButton />
          <LogOut />
        </div>
      </header>
      <div>
        <FieldBar />
        <LockBar />
        <FeedBar />
        <CentreStateBar />
        <UnheardBar />
        <IsolationBar />
        <TestBar />
      </div>
      <main id="main" tabIndex={-1}>
        {isCovered ? <LockCover /> : null}
        {/* Kept: what somebody has typed is there when he is back. */}
        <div className={isCovered ? 'covered' : 'page-frame'}>
          <Outlet />
        </div>
      </main>
    </div>
  );
}

function LogOut() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: leaveSeat,
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
