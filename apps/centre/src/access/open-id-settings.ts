import { isSecureUrl } from '../platform/secure-url.ts';

/** Settings of section `oidc`: log-in by another house's OpenID Connect provider. */
export type OpenIdSettings = {
  readonly issuer: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  /** The page /open-id of the console, as browsers reach it. */
  readonly redirectUrl: string | undefined;
  readonly name: string;
  readonly secondFactor: OpenIdFactorRule;
};

/** Who asks for the second factor: `here`, so that such accounts log in with their password; or the `provider`. */
export const openIdFactorRules = ['here', 'provider'] as const;
export type OpenIdFactorRule = (typeof openIdFactorRules)[number];

export const noOpenId: OpenIdSettings = {
  issuer: undefined,
  clientId: undefined,
  clientSecret: undefined,
  redirectUrl: undefined,
  name: 'OpenID Connect',
  secondFactor: 'here',
};

/** As `settings` of the configuration has them. */
export const openIdSettings = {
  'oidc.issuer': {
    type: 'httpUrl',
    default: undefined,
    description: 'OpenID Connect provider people may log in with, beside their passwords; http:// only on loopback',
  },
  'oidc.clientId': { type: 'string', default: undefined, description: 'as which the provider knows this centre' },
  'oidc.clientSecret': {
    type: 'string',
    default: undefined,
    secret: true,
    description: 'what it gave the centre for that; absent for a public client',
  },
  'oidc.redirectUrl': {
    type: 'httpUrl',
    default: undefined,
    description: 'page /open-id of the console as browsers reach it, registered at the provider',
  },
  'oidc.name': { type: 'string', default: 'OpenID Connect', description: 'what the button says people log in with' },
  'oidc.secondFactor': {
    type: 'openIdFactor',
    default: 'here',
    description:
      'who asks for second factors: here (accounts that have or need one log in with their password) or provider (its amr must say mfa, otp or hwk)',
  },
} as const;

/**
 * What is wrong with them, or undefined.
 *
 * OpenID Connect Core 3.1.2.1: all of it over TLS; on one machine nobody listens in.
 */
export function openIdProblem({ issuer, clientId, redirectUrl }: OpenIdSettings): string | undefined {
  if (issuer === undefined) return undefined;
  if (!isSecureUrl(issuer))
    return `oidc.issuer is ${JSON.stringify(issuer)}, expected https:// (http:// only on loopback)`;
  if (clientId === undefined) return 'oidc.clientId is missing, expected the id that the provider gave this centre';
  if (redirectUrl === undefined || new URL(redirectUrl).pathname !== '/open-id')
    return `oidc.redirectUrl is ${JSON.stringify(redirectUrl ?? '')}, expected the console's page /open-id, such as https://centre.example/open-id`;
  return undefined;
}
