import type { Migration } from '../migrate.ts';

/** Browsers and addresses from which an account has logged in: what strangers do does not hold its owner up there. */
export const knownPlace: Migration = {
  version: 21,
  name: 'known-place',
  steps: [
    {
      kind: 'sql',
      sql: `create table known_place (
        username text not null, place_sha256 text not null, seen_at int8 not null, primary key (username, place_sha256))`,
    },
  ],
};
