import type { OpenIdReturn } from '../api/resources.ts';

/** What of the address is the provider's, and for what it was begun; undefined: nobody came back. */
export function openIdReturn(search: string): (OpenIdReturn & { readonly kind: 'logIn' | 'link' }) | undefined {
  const { state, ...parameters } = Object.fromEntries(new URLSearchParams(search));
  if (state === undefined || state === '') return undefined;
  return { state, parameters, kind: state.startsWith('link.') ? 'link' : 'logIn' };
}
