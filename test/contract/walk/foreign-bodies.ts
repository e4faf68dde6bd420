/** The ids of one tenant's things, as bodies name them. */
export type Named = {
  readonly deviceId: string;
  readonly venueId: string;
  readonly areaId: string;
  readonly organisationId: string;
  readonly alarmId: string;
  readonly sourceId: string;
};

type Case = {
  readonly operation: string;
  readonly field: string;
  /** What has no such id is made. */
  readonly makes?: true;
  /** Asked by a caller of the own venue: the path, and a body in which only the field names what is not his. */
  readonly path: (own: Named & { readonly testId: string; readonly orderId: string }) => string;
  readonly body: (other: Named, own: Named) => object;
};

const newDevice = (fields: object): object => ({ id: 'walk-new', model: 'generic-smoke', ...fields });
/** Asked for as anybody would: where the venue is. */
export const isolation = (target: object): object => ({
  kind: 'isolated',
  until: new Date(Date.now() + 3_600_000).toISOString(),
  reason: 'r',
  fireWatch: { name: 'n' },
  ...target,
});
const venueBody = { name: 'n', class: 'office' };

/** Every field of a body that names a thing of a tenant; one that is missing here fails the walk. */
export const bodiesThatName: readonly Case[] = [
  {
    operation: 'POST /api/v1/devices',
    field: 'venueId',
    path: () => '/api/v1/devices',
    body: ({ venueId }) => newDevice({ venueId }),
  },
  {
    operation: 'POST /api/v1/devices',
    field: 'parentId',
    path: () => '/api/v1/devices',
    body: ({ deviceId }, own) => newDevice({ venueId: own.venueId, parentId: `${deviceId}-g` }),
  },
  {
    operation: 'POST /api/v1/devices',
    field: 'areaId',
    path: () => '/api/v1/devices',
    body: ({ areaId }, own) => newDevice({ venueId: own.venueId, areaId }),
  },
  {
    operation: 'PUT /api/v1/venues/{id}',
    field: 'organisationId',
    path: ({ venueId }) => `/api/v1/venues/${venueId}`,
    body: ({ organisationId }) => ({ ...venueBody, organisationId }),
  },
  {
    operation: 'PUT /api/v1/areas/{id}',
    field: 'venueId',
    path: () => '/api/v1/areas/walk-area',
    body: ({ venueId }) => ({ venueId, kind: 'room', name: 'n' }),
  },
  {
    operation: 'PUT /api/v1/areas/{id}',
    field: 'parentId',
    path: () => '/api/v1/areas/walk-area',
    body: ({ areaId }, own) => ({ venueId: own.venueId, parentId: areaId, kind: 'room', name: 'n' }),
  },
  {
    operation: 'PUT /api/v1/circuits/{deviceId}/{prefix}',
    field: 'areaId',
    path: ({ deviceId }) => `/api/v1/circuits/${deviceId}/c1`,
    body: ({ areaId }) => ({ areaId, protectedClass: 'none' }),
  },
  {
    operation: 'POST /api/v1/devices/{id}/replace',
    field: 'newDeviceId',
    makes: true,
    path: ({ deviceId }) => `/api/v1/devices/${deviceId}/replace`,
    body: ({ deviceId }) => ({ newDeviceId: deviceId, reason: 'r' }),
  },
  {
    operation: 'PUT /api/v1/devices/{id}/place',
    field: 'venueId',
    path: ({ deviceId }) => `/api/v1/devices/${deviceId}/place`,
    body: ({ venueId }) => ({ venueId }),
  },
  {
    operation: 'PUT /api/v1/devices/{id}/place',
    field: 'areaId',
    path: ({ deviceId }) => `/api/v1/devices/${deviceId}/place`,
    body: ({ areaId }, own) => ({ venueId: own.venueId, areaId }),
  },
  {
    operation: 'POST /api/v1/gb/duty-rounds',
    field: 'deviceIds',
    path: () => '/api/v1/gb/duty-rounds',
    body: ({ deviceId }) => ({ deviceIds: [`${deviceId}-u`] }),
  },
  {
    operation: 'POST /api/v1/gb/duty-rounds',
    field: 'venueIds',
    path: () => '/api/v1/gb/duty-rounds',
    body: ({ venueId }) => ({ venueIds: [venueId] }),
  },
  {
    operation: 'POST /api/v1/gb/duty-rounds',
    field: 'organisationIds',
    path: () => '/api/v1/gb/duty-rounds',
    body: ({ organisationId }) => ({ organisationIds: [organisationId] }),
  },
  {
    operation: 'POST /api/v1/inbox/try',
    field: 'source',
    path: () => '/api/v1/inbox/try',
    body: ({ sourceId }) => ({ source: sourceId, shape: 's', mapping: {} }),
  },
  {
    operation: 'POST /api/v1/inbox/replay',
    field: 'source',
    path: () => '/api/v1/inbox/replay',
    body: ({ sourceId }) => ({ source: sourceId }),
  },
  {
    operation: 'POST /api/v1/sources',
    field: 'venueIds',
    path: () => '/api/v1/sources',
    body: ({ venueId }) => ({ id: 'walk-source', name: 'n', venueIds: [venueId] }),
  },
  {
    operation: 'POST /api/v1/venues/{id}/commissioning-tests/{testId}/ticks',
    field: 'deviceId',
    path: ({ venueId, testId }) => `/api/v1/venues/${venueId}/commissioning-tests/${testId}/ticks`,
    body: ({ deviceId }) => ({ deviceId, point: 'c1', outcome: 'passed', reason: 'r' }),
  },
  {
    operation: 'POST /api/v1/venues/{id}/commissioning-tests/{testId}/rearms',
    field: 'deviceId',
    path: ({ venueId, testId }) => `/api/v1/venues/${venueId}/commissioning-tests/${testId}/rearms`,
    body: ({ deviceId }) => ({ deviceId, point: 'c1' }),
  },
  {
    operation: 'POST /api/v1/trials',
    field: 'venueId',
    path: () => '/api/v1/trials',
    body: ({ venueId }) => ({ name: 'n', venueId, from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }),
  },
  {
    operation: 'POST /api/v1/labels',
    field: 'deviceIds',
    path: () => '/api/v1/labels',
    body: ({ deviceId }) => ({ deviceIds: [deviceId] }),
  },
  {
    operation: 'POST /api/v1/labels',
    field: 'venueIds',
    path: () => '/api/v1/labels',
    body: ({ venueId }) => ({ venueIds: [venueId] }),
  },
  {
    operation: 'POST /api/v1/work-orders',
    field: 'alarmId',
    path: () => '/api/v1/work-orders',
    body: ({ alarmId }) => ({ alarmId }),
  },
  {
    operation: 'POST /api/v1/work-orders',
    field: 'deviceId',
    path: () => '/api/v1/work-orders',
    body: ({ deviceId }) => ({ deviceId }),
  },
  {
    operation: 'POST /api/v1/work-orders/{id}/assign',
    field: 'assignee.id',
    path: ({ orderId }) => `/api/v1/work-orders/${orderId}/assign`,
    body: ({ organisationId }) => ({ revision: 1, assignee: { kind: 'organisation', id: organisationId } }),
  },
  {
    operation: 'POST /api/v1/incidents',
    field: 'venueId',
    path: () => '/api/v1/incidents',
    body: ({ venueId }) => ({ venueId, note: 'n' }),
  },
  {
    operation: 'POST /api/v1/isolations',
    field: 'venueId',
    path: () => '/api/v1/isolations',
    body: ({ venueId }) => isolation({ venueId }),
  },
  {
    operation: 'POST /api/v1/isolations',
    field: 'areaId',
    path: () => '/api/v1/isolations',
    body: ({ areaId }, own) => isolation({ venueId: own.venueId, areaId }),
  },
  {
    operation: 'POST /api/v1/isolations',
    field: 'deviceId',
    path: () => '/api/v1/isolations',
    body: ({ deviceId }, own) => isolation({ venueId: own.venueId, deviceId }),
  },
  {
    operation: 'POST /api/v1/rollouts',
    field: 'group.id',
    path: () => '/api/v1/rollouts',
    body: ({ venueId }) => ({ releaseId: 'none', group: { kind: 'venue', id: venueId }, note: 'n' }),
  },
];

/** Fields that name no tenant's thing, or stand where a caller of some venues never comes. */
export const namesNothingForeign: Readonly<Record<string, string>> = {
  'POST /api/v1/login username': 'who he is',
  'POST /api/v1/users username': 'made by it; only for accounts of all venues',
  'POST /api/v1/users venueIds': 'only for accounts of all venues',
  'POST /api/v1/users organisationId': 'only for accounts of all venues',
  'PATCH /api/v1/users/{username} venueIds': 'only for accounts of all venues',
  'PATCH /api/v1/users/{username} organisationId': 'only for accounts of all venues',
  'POST /api/v1/tokens venueIds': 'only for accounts of all venues',
  'POST /api/v1/tokens organisationId': 'only for accounts of all venues',
  'POST /api/v1/display-links venueIds': 'only for accounts of all venues',
  'PUT /api/v1/organisations/{id} parentId': 'only for accounts of all venues',
  'PUT /api/v1/relays/{id} covers.deviceIds': 'only for accounts of all venues',
  'PUT /api/v1/relays/{id} covers.venueIds': 'only for accounts of all venues',
  'PUT /api/v1/relays/{id} covers.organisationIds': 'only for accounts of all venues',
  'POST /api/v1/devices id': 'made by it',
  'POST /api/v1/sources id': 'made by it',
  'POST /api/v1/sources broker.clientId': 'at the broker',
  'POST /api/v1/sources broker.username': 'at the broker',
  'PUT /api/v1/sources/{source} broker.clientId': 'at the broker',
  'PUT /api/v1/sources/{source} broker.username': 'at the broker',
  'POST /api/v1/devices/{id}/load-judgements loadEventId': 'of the device in the path',
  'POST /api/v1/factory/batches/{id}/claims deviceIds': 'of the batch in the path',
  'POST /api/v1/rules/{id}/versions source': 'where its figure comes from, in words',
  'POST /api/v1/rollouts releaseId': 'releases are of the centre',
  'POST /api/v1/rollouts/{id}/exclusions deviceId': 'of the rollout in the path',
};
