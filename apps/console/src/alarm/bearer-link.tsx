import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Bearer } from './bearer.ts';

/** To the page where something can be done about it; the centre has none. */
export function BearerLink({ bearer, children }: { readonly bearer: Bearer; readonly children: ReactNode }): ReactNode {
  switch (bearer.kind) {
    case 'centre':
      return children;
    case 'relay':
      return <Link to="/relays">{children}</Link>;
    case 'rollout':
      return (
        <Link to="/rollouts/$rolloutId" params={{ rolloutId: bearer.id }}>
          {children}
        </Link>
      );
    case 'source':
      return <Link to="/foreign">{children}</Link>;
  }
}
