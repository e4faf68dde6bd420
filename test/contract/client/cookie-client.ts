import { ApiClient, type Answer } from './api-client.ts';

/** What a browser does: keeps the cookies it is given, and sends back the token of its log-in with every write. */
export class CookieClient {
  readonly #webUrl: string;
  readonly #jar = new Map<string, string>();
  #csrfToken = '';

  constructor(webUrl: string) {
    this.#webUrl = webUrl;
  }

  async post(path: string, body?: object): Promise<Answer> {
    return this.#keep(await this.#client().post(`/api/v1${path}`, body));
  }

  async call(method: string, path: string): Promise<Answer> {
    return this.#keep(await this.#client().call(method, `/api/v1${path}`));
  }

  #client(): ApiClient {
    const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
    return new ApiClient(this.#webUrl, undefined, { cookie, 'x-csrf-token': this.#csrfToken });
  }

  #keep(answer: Answer): Answer {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const is = pair.indexOf('=');
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) this.#jar.delete(pair.slice(0, is));
      else this.#jar.set(pair.slice(0, is), pair.slice(is + 1));
    }
    const { csrfToken } = (answer.body ?? {}) as { readonly csrfToken?: string };
    if (csrfToken !== undefined) this.#csrfToken = csrfToken;
    return answer;
  }
}
