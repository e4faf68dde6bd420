import type { Permission, Session } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';

/** The session of this seat; undefined only while it is fetched (routes behind the log-in always have one). */
export function useSession(): Session | undefined {
  return useQuery(queries.session()).data;
}

/** Whether the session may do something. The API decides; this only spares the operator a button that is refused. */
export function usePermission(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false;
}
