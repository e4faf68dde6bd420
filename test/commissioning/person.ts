import { ApiClient, type Answer } from '../contract/client/api-client.ts';

/** Somebody with an account, logged in by cookie: what he does carries his name. */
export class Person {
  readonly username: string;
  readonly #api: ApiClient;

  private constructor(username: string, api: ApiClient) {
    this.username = username;
    this.#api = api;
  }

  static async logIn(webUrl: string, username: string, password: string): Promise<Person> {
    const answer = await new ApiClient(webUrl).post('/api/v1/login', { username, password });
    if (answer.status !== 200) throw new Error(`${username} cannot log in: ${answer.text}`);
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const { csrfToken } = answer.body as { csrfToken: string };
    return new Person(username, new ApiClient(webUrl, undefined, { cookie, 'x-csrf-token': csrfToken }));
  }

  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answer> {
    return this.#api.post(`/api/v1${path}`, body, headers);
  }

  put(path: string, body: object): Promise<Answer> {
    return this.#api.call('PUT', `/api/v1${path}`, body);
  }

  get<Body>(path: string): Promise<Body> {
    return this.#api.get<Body>(`/api/v1${path}`);
  }
}
