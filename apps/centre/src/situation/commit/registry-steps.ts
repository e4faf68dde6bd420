import { partitionOf } from '../../journal/partition.ts';
import type { RegistryChange } from '../../registry/registry-change.ts';
import type { Step } from '../../store/store.ts';
import { storableJson } from '../storable-json.ts';

export function registrySteps(changes: readonly RegistryChange[]): Step[] {
  return changes.map((change) => {
    switch (change.kind) {
      case 'organisationPut': {
        const { organisation } = change;
        return {
          kind: 'sql',
          sql: `insert into organisation (id, demo, doc) values ($1, $2, $3::jsonb)
                on conflict (id) do update set demo = excluded.demo, doc = excluded.doc`,
          params: [organisation.id, organisation.demo, storableJson(organisation)],
        };
      }
      case 'venuePut': {
        const { venue } = change;
        return {
          kind: 'sql',
          sql: `insert into venue (id, partition, origin, organisation_id, doc) values ($1, $2, $3, $4, $5::jsonb)
                on conflict (id) do update set origin = excluded.origin, organisation_id = excluded.organisation_id, doc = excluded.doc`,
          params: [venue.id, partitionOf(venue.id), venue.origin, venue.organisationId, storableJson(venue)],
        };
      }
      case 'devicePut': {
        const { device } = change;
        return {
          kind: 'sql',
          sql: `insert into device (id, partition, venue_id, origin, secret_sha256, revoked_at, doc) values ($1, $2, $3, $4, $5, $6, $7::jsonb)
                on conflict (id) do update set partition = excluded.partition, venue_id = excluded.venue_id, origin = excluded.origin,
                secret_sha256 = excluded.secret_sha256, revoked_at = excluded.revoked_at, doc = excluded.doc`,
          params: [
            device.id,
            partitionOf(device.venueId),
            device.venueId,
            device.origin,
            device.secretSha256 ?? null,
            device.revokedAt ?? null,
            storableJson(device),
          ],
        };
      }
    }
  });
}
