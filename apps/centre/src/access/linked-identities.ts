import type { Clock } from '../platform/clock.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store } from '../store/store.ts';
import type { Identity } from './open-id.ts';

type Linked = Pick<Identity, 'issuer' | 'subject'>;

/** Which account is whose at the OpenID Connect provider: said by its owner, and never concluded from a name. */
export class LinkedIdentities {
  readonly #store: Store;
  readonly #clock: Clock;

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async usernameOf({ issuer, subject }: Linked): Promise<string | undefined> {
    const sql = 'select username from linked_identity where issuer = $1 and subject = $2';
    const [row] = await this.#store.query(sql, [issuer, subject]);
    return row?.['username'] as string | undefined;
  }

  async of(username: string): Promise<Linked | undefined> {
    const [row] = await this.#store.query('select issuer, subject from linked_identity where username = $1', [
      username,
    ]);
    return row === undefined ? undefined : { issuer: row['issuer'] as string, subject: row['subject'] as string };
  }

  /** In place of what the account was linked to before; false when somebody else's account is linked to it. */
  async link(username: string, { issuer, subject }: Linked): Promise<boolean> {
    try {
      await this.#store.commit([
        {
          kind: 'sql',
          sql:
            'insert into linked_identity (username, issuer, subject, linked_at) values ($1, $2, $3, $4) ' +
            'on conflict (username) do update set issuer = $2, subject = $3, linked_at = $4',
          params: [username, issuer, subject, this.#clock.now()],
        },
      ]);
      return true;
    } catch (error) {
      if (error instanceof StoreError && error.code === 'unique') return false;
      throw error;
    }
  }

  async unlink(username: string): Promise<boolean> {
    const [rows] = await this.#store.commit([
      { kind: 'sql', sql: 'delete from linked_identity where username = $1 returning 1 as gone', params: [username] },
    ]);
    return rows?.length === 1;
  }
}
