import type { Configuration } from 'openid-client';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { OpenIdSettings } from './open-id-settings.ts';
import { openIdProblem } from './open-id-settings.ts';
import { seal, unseal } from './seal.ts';

/** Who somebody is at the provider. */
export type Identity = {
  readonly issuer: string;
  readonly subject: string;
  /** Whether the provider says that a second factor was used (RFC 8176). */
  readonly hasSecondFactor: boolean;
};

/** What the browser brings back from the provider, as it stands in the address of our page. */
export type Return = { readonly state: string; readonly parameters: Readonly<Record<string, string>> };

/** `logIn`, or `link` with the account that is to be linked. */
export type Purpose = { readonly kind: 'logIn' } | { readonly kind: 'link'; readonly username: string };

export type OpenIdFailure = 'openIdAway' | 'openIdExpired' | 'openIdRefused';

export class OpenIdError extends Error {
  readonly code: OpenIdFailure;

  constructor(code: OpenIdFailure, message: string) {
    super(message);
    this.code = code;
  }
}

/** What was begun, sealed in a cookie of the browser that began it: no other browser ends it, and nothing is kept here. */
type Begun = {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly until: number;
  readonly purpose: Purpose;
};

/** To log in at the provider. */
export const BEGUN_MS = 10 * 60_000;
const ASK_S = 5;
/** What the provider says of itself is asked for anew after this time: its keys, by the library. */
const KNOWN_MS = 3_600_000;
const SEALED_FOR = 'open id begun';
/** RFC 8176, 2: several factors, a one-time password, a key in hardware. */
const SECOND_FACTORS = ['mfa', 'otp', 'hwk'];

export type Provider = OpenIdSettings & {
  readonly issuer: string;
  readonly clientId: string;
  readonly redirectUrl: string;
};

/** Log-ins by an OpenID Connect provider: authorization code with PKCE, state and nonce. */
export class OpenId {
  readonly settings: Provider;
  readonly #key: Buffer;
  readonly #clock: Clock;
  readonly #log: Log;
  #known: { readonly at: number; readonly configuration: Promise<Configuration> } | undefined;

  private constructor(settings: Provider, key: Buffer, clock: Clock, log: Log) {
    this.settings = settings;
    this.#key = key;
    this.#clock = clock;
    this.#log = log;
  }

  /** undefined: none is configured. @throws Error for settings that cannot work. */
  static of(settings: OpenIdSettings, key: Buffer, clock: Clock, log: Log): OpenId | undefined {
    const problem = openIdProblem(settings);
    if (problem !== undefined) throw new Error(problem);
    const { issuer, clientId, redirectUrl } = settings;
    if (issuer === undefined || clientId === undefined || redirectUrl === undefined) return undefined;
    return new OpenId({ ...settings, issuer, clientId, redirectUrl }, key, clock, log);
  }

  /** Where the browser is to go, and what it has to bring back beside what the provider gives it. @throws OpenIdError */
  async begin(purpose: Purpose): Promise<{ readonly url: string; readonly sealed: string }> {
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    const [state, nonce, codeVerifier] = [
      `${purpose.kind}.${client.randomState()}`,
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ];
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.settings.redirectUrl,
      scope: 'openid',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    const begun: Begun = { state, nonce, codeVerifier, until: this.#clock.now() + BEGUN_MS, purpose };
    return { url: url.href, sealed: seal(this.#key, SEALED_FOR, Buffer.from(JSON.stringify(begun))) };
  }

  /** Who came back, for what was begun in this browser. @throws OpenIdError */
  async end(sealed: string | undefined, { state, parameters }: Return): Promise<Identity & { purpose: Purpose }> {
    const opened = sealed === undefined ? undefined : unseal(this.#key, SEALED_FOR, sealed);
    const begun = opened === undefined ? undefined : (JSON.parse(opened.toString('utf8')) as Begun);
    if (begun === undefined || begun.state !== state || begun.until <= this.#clock.now())
      throw new OpenIdError(
        'openIdExpired',
        'this log-in was not begun in this browser within 10 minutes: begin again',
      );
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    const back = new URL(this.settings.redirectUrl);
    for (const [name, value] of Object.entries({ ...parameters, state })) back.searchParams.set(name, value);
    try {
      const tokens = await client.authorizationCodeGrant(configuration, back, {
        expectedState: begun.state,
        expectedNonce: begun.nonce,
        pkceCodeVerifier: begun.codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('no ID token');
      const amr = Array.isArray(claims['amr']) ? (claims['amr'] as readonly unknown[]) : [];
      return {
        issuer: claims.iss,
        subject: claims.sub,
        hasSecondFactor: SECOND_FACTORS.some((word) => amr.includes(word)),
        purpose: begun.purpose,
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #configuration(): Promise<Configuration> {
    const now = this.#clock.now();
    if (this.#known !== undefined && Math.abs(now - this.#known.at) < KNOWN_MS) return this.#known.configuration;
    const asked = { at: now, configuration: this.#discover() };
    this.#known = asked;
    asked.configuration.catch(() => {
      // The next one asks again.
      if (this.#known === asked) this.#known = undefined;
    });
    return asked.configuration;
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const { issuer, clientId, clientSecret } = this.settings;
    try {
      return await client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: ASK_S,
        // Only on loopback (openIdProblem).
        ...(issuer.startsWith('http:') && { execute: [client.allowInsecureRequests] }),
      });
    } catch (error) {
      this.#log.warn('OpenID Connect provider cannot be asked', { issuer, reason: reasonOf(error) });
      throw new OpenIdError('openIdAway', 'the provider cannot be reached; log in with your password');
    }
  }

  #failure(error: unknown): OpenIdError {
    const reason = reasonOf(error);
    // Of fetch itself, or our time ran out: nobody said no.
    const isAway = error instanceof TypeError || /fetch failed|timed? ?out|TIMEOUT/i.test(reason);
    this.#log.warn('log-in by OpenID Connect failed', { issuer: this.settings.issuer, reason });
    return isAway
      ? new OpenIdError('openIdAway', 'the provider cannot be reached; log in with your password')
      : new OpenIdError('openIdRefused', 'the provider did not confirm who you are; begin again');
  }
}

/** Names of errors, and no text of the provider: it may repeat what it was sent. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, error: word } = error as { readonly code?: unknown; readonly error?: unknown };
  return [error.name, code, word].filter((part) => typeof part === 'string').join(' ');
}
