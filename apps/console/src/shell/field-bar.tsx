import { Link, useRouterState } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../account/use-session.ts';
import { fieldItems, isWithin } from './navigation.ts';

/** Second line of the head on the pages of the field; on a phone it scrolls sideways. */
export function FieldBar() {
  const { t } = useTranslation();
  const permissions = useSession()?.permissions ?? [];
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const items = fieldItems.filter(({ permission }) => permissions.includes(permission));
  // Also on a page of the field that the account may not see: the way out of it.
  if (items.length === 0 || !fieldItems.some((item) => isWithin(path, item))) return null;
  return (
    <nav className="field-bar" aria-label={t('field.title')} data-testid="field-bar">
      {items.map((item) => (
        <Link key={item.to} to={item.to}>
          {item.word(t)}
        </Link>
      ))}
    </nav>
  );
}
