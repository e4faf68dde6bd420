/**
 * Who may do what at which route, written down by hand from what each of them works at (docs/guides/accounts.md), and from
 * no line of the code that decides it. A route that stands in no row fails the walk: whoever adds one says here who it is for.
 */

const desks = ['operator', 'shiftLeader'] as const;
const readers = [...desks, 'analyst', 'venueManager', 'technician', 'regulator', 'integrator'] as const;
const watchers = [...readers, 'display'] as const;
const installers = ['technician', 'systemAdmin'] as const;

/** Roles of people and programs. */
export const rolesWalked = [
  ...watchers,
  'systemAdmin',
  'securityAdmin',
  'auditor',
  'insurer',
  'factory',
  'founder',
] as const;
export type WalkedRole = (typeof rolesWalked)[number];

/** Who needs no log-in: he shows something else, or there is nothing of a venue in the answer. */
export const openToAnyone: readonly string[] = [
  'GET /healthz',
  'GET /readyz',
  'POST /api/v1/login',
  'GET /api/v1/open-id',
  'POST /api/v1/open-id/begin',
  'POST /api/v1/open-id/log-in',
  'POST /api/v1/founder/claim',
  'POST /api/v1/display/claim',
  'POST /api/v1/enrol',
  'GET /api/v1/ingest/{source}',
  'POST /api/v1/ingest/{source}',
  'POST /api/v1/call-outs/answers',
  'GET /api/v1/releases/{id}/file',
  // From this machine itself, as the walk calls; from elsewhere with metrics.read.
  'GET /metrics',
];

const rows: readonly { readonly who: readonly WalkedRole[]; readonly may: readonly string[] }[] = [
  {
    // What concerns himself.
    who: rolesWalked,
    may: [
      'GET /api/v1/functions',
      'GET /api/v1/command-keys',
      'POST /api/v1/logout',
      'GET /api/v1/session',
      'POST /api/v1/session/password',
      'POST /api/v1/session/confirm',
      'POST /api/v1/session/lock',
      'POST /api/v1/session/unlock',
      'POST /api/v1/session/activity',
      'PUT /api/v1/session/sound',
      'POST /api/v1/session/second-factor',
      'POST /api/v1/session/second-factor/confirm',
      'DELETE /api/v1/session/second-factor',
      'GET /api/v1/session/open-id',
      'POST /api/v1/session/open-id',
      'POST /api/v1/session/open-id/begin',
      'DELETE /api/v1/session/open-id',
      'GET /api/v1/session/logins',
      'DELETE /api/v1/session/logins/{id}',
    ],
  },
  {
    // Accounts belong to the security administrator, and to the founder until the three exist.
    who: ['securityAdmin', 'founder'],
    may: [
      'GET /api/v1/users',
      'POST /api/v1/users',
      'PATCH /api/v1/users/{username}',
      'POST /api/v1/users/{username}/password',
      'POST /api/v1/users/{username}/unlock',
      'DELETE /api/v1/users/{username}/second-factor',
      'GET /api/v1/account-bounds',
      'GET /api/v1/logins',
      'DELETE /api/v1/logins/{id}',
      'GET /api/v1/tokens',
      'POST /api/v1/tokens',
      'DELETE /api/v1/tokens/{id}',
      'POST /api/v1/display-links',
    ],
  },
  {
    // What is where. Not for who keeps accounts, nor for a tester at the end of a line.
    who: [...watchers, 'systemAdmin', 'auditor', 'insurer', 'founder'],
    may: [
      'GET /api/v1/organisations',
      'GET /api/v1/venues',
      'GET /api/v1/venues/{id}',
      'GET /api/v1/devices',
      'GET /api/v1/devices/{id}',
      'GET /api/v1/models',
      'GET /api/v1/words',
      'GET /api/v1/areas',
      'GET /api/v1/circuits',
      'GET /api/v1/devices/{id}/history',
      'GET /api/v1/blind-spots',
      'GET /api/v1/coverage',
      'GET /api/v1/commissioning',
      'GET /api/v1/venues/{id}/isolation-reach',
      'GET /api/v1/venues/{id}/commissioning',
      'GET /api/v1/venues/{id}/commissioning-tests/{testId}/acceptances/{version}/paper',
      'GET /api/v1/trials',
      'GET /api/v1/trials/{id}',
    ],
  },
  { who: [...watchers, 'insurer'], may: ['GET /api/v1/overview'] },
  {
    // What is measured and what is wrong: whoever watches. None of the three administrators, no insurer.
    who: watchers,
    may: [
      'GET /api/v1/alarms',
      'GET /api/v1/isolations',
      'GET /api/v1/incidents',
      'GET /api/v1/incidents/{id}',
      'GET /api/v1/incidents/{id}/history',
      'GET /api/v1/incidents/{id}/call-outs',
      'GET /api/v1/alarms/{id}',
      'GET /api/v1/alarms/{id}/history',
      'GET /api/v1/alarms/{id}/response',
      'GET /api/v1/alarms/{id}/verdicts',
      'GET /api/v1/alarm-groups',
      'GET /api/v1/alarm-figures',
      'GET /api/v1/captures',
      'GET /api/v1/captures/{id}',
      'GET /api/v1/captures/{id}/samples',
      'GET /api/v1/series',
      'GET /api/v1/events',
      'GET /api/v1/devices/{id}/points',
      'GET /api/v1/devices/{id}/parts',
      'GET /api/v1/devices/{id}/load-judgements',
      'GET /api/v1/devices/{id}/commands',
      'GET /api/v1/devices/{id}/commands/{commandId}',
      'GET /api/v1/devices/{id}/gb/frames',
      'GET /api/v1/devices/{id}/gb/on-duty-checks',
      'GET /api/v1/gb/duty-rounds',
      'GET /api/v1/gb/duty-rounds/{id}',
      'GET /api/v1/quarantine',
      'GET /api/v1/late-hazards',
    ],
  },
  {
    who: readers,
    may: [
      'GET /api/v1/work-orders',
      'GET /api/v1/work-orders/counts',
      'GET /api/v1/work-orders/words',
      'GET /api/v1/work-orders/{id}',
      'GET /api/v1/work-orders/{id}/history',
      'GET /api/v1/work-orders/{id}/photos/{photoId}',
    ],
  },
  {
    // An alarm is answered at a desk, or by the platform that has a desk of its own.
    who: [...desks, 'integrator'],
    may: [
      'POST /api/v1/alarms/{id}/acknowledge',
      'GET /api/v1/seats',
      'POST /api/v1/alarm-groups/{id}/acknowledge',
      'POST /api/v1/alarms/{id}/verdicts',
    ],
  },
  { who: desks, may: ['POST /api/v1/alarms/{id}/shelve', 'POST /api/v1/alarms/{id}/unshelve'] },
  { who: desks, may: ['POST /api/v1/work-orders/{id}/assign', 'GET /api/v1/work-orders/{id}/assignees'] },
  {
    // What is done about a fire is done at a desk.
    who: desks,
    may: [
      'POST /api/v1/incidents',
      'GET /api/v1/incidents/{id}/handlers',
      'GET /api/v1/incidents/{id}/call-sheet',
      'GET /api/v1/desk-pack',
      'GET /api/v1/incidents/{id}/evidence',
      'GET /api/v1/incidents/{id}/messages',
      'GET /api/v1/incidents/{id}/files',
      'GET /api/v1/incidents/{id}/files/{fileId}',
      'POST /api/v1/incidents/{id}/files',
      ...['take', 'offer', 'call', 'send', 'arrive', 'verify', 'tell', 'plan', 'note', 'close', 'displayed'].map(
        (act) => `POST /api/v1/incidents/{id}/${act}`,
      ),
    ],
  },
  { who: ['shiftLeader'], may: ['POST /api/v1/incidents/{id}/take-over'] },
  { who: ['shiftLeader', 'technician'], may: ['POST /api/v1/alarms/{id}/inspect'] },
  { who: ['shiftLeader', 'analyst', 'venueManager', 'technician'], may: ['POST /api/v1/devices/{id}/load-judgements'] },
  { who: [...desks, 'technician'], may: ['POST /api/v1/devices/{id}/commands'] },
  {
    who: [...desks, 'venueManager', 'technician', 'systemAdmin'],
    may: [
      'GET /api/v1/contacts',
      'GET /api/v1/duty-contacts',
      'GET /api/v1/call-outs/{id}',
      'POST /api/v1/venues/{id}/contacts/{contactId}/test-call',
      'POST /api/v1/duty-contacts/{contactId}/test-call',
    ],
  },
  { who: desks, may: ['POST /api/v1/gb/duty-rounds', 'POST /api/v1/devices/{id}/gb/on-duty-check'] },
  { who: ['shiftLeader', 'technician'], may: ['POST /api/v1/devices/{id}/gb/read'] },
  {
    who: ['technician'],
    may: ['POST /api/v1/devices/{id}/gb/sync-clock', 'POST /api/v1/devices/{id}/gb/quarantine/replay'],
  },
  {
    // How people live: the owner and the auditor read who looked, and why.
    who: ['venueManager', 'auditor'],
    may: ['GET /api/v1/venues/{id}/load-history-reasons'],
  },
  // Whose life it is.
  { who: ['venueManager'], may: ['POST /api/v1/venues/{id}/load-history-erasures'] },
  {
    // Who did what: one of the three, and nobody else.
    who: ['auditor'],
    may: ['GET /api/v1/audit', 'GET /api/v1/audit/export', 'GET /api/v1/audit/head', 'POST /api/v1/audit/verify'],
  },
  {
    // By which figures an alarm is raised.
    who: ['operator', 'shiftLeader', 'analyst', 'technician', 'regulator', 'auditor'],
    may: ['GET /api/v1/rules', 'GET /api/v1/rules/{id}/versions/{version}'],
  },
  {
    // Changed by who answers for the shift or studies it, and by no administrator.
    who: ['shiftLeader', 'analyst'],
    may: [
      'POST /api/v1/rules/{id}/versions',
      'POST /api/v1/rules/{id}/versions/{version}/trial',
      'POST /api/v1/rules/{id}/versions/{version}/review',
      'POST /api/v1/rules/{id}/versions/{version}/on',
      'POST /api/v1/rules/{id}/versions/{version}/retire',
    ],
  },
  // A wall is let in this far and refused then: it cannot say why it looks (load-history.test.ts).
  { who: watchers, may: ['POST /api/v1/venues/{id}/load-history-reasons'] },
  { who: [...desks, 'venueManager', 'technician'], may: ['POST /api/v1/work-orders'] },
  {
    who: ['technician'],
    may: [
      'POST /api/v1/work-orders/{id}/take',
      'POST /api/v1/work-orders/{id}/depart',
      'POST /api/v1/work-orders/{id}/arrive',
      'POST /api/v1/work-orders/{id}/repair',
      'POST /api/v1/work-orders/{id}/photos',
    ],
  },
  {
    who: ['shiftLeader'],
    may: ['POST /api/v1/work-orders/{id}/close'],
  },
  { who: desks, may: ['POST /api/v1/work-orders/{id}/postpone', 'POST /api/v1/work-orders/{id}/cancel'] },
  {
    // A venue is put into service by who installs and by who answers for the shift.
    who: ['shiftLeader', ...installers],
    may: [
      'PUT /api/v1/venues/{id}/wave',
      'POST /api/v1/venues/{id}/life-changes',
      'POST /api/v1/venues/{id}/commissioning-tests',
      'POST /api/v1/venues/{id}/commissioning-tests/{testId}/extend',
      'POST /api/v1/venues/{id}/commissioning-tests/{testId}/end',
      'POST /api/v1/venues/{id}/commissioning-tests/{testId}/ticks',
      'POST /api/v1/venues/{id}/commissioning-tests/{testId}/rearms',
      'POST /api/v1/venues/{id}/commissioning-tests/{testId}/acceptances',
      'POST /api/v1/trials',
    ],
  },
  {
    // …and signed by the owner too.
    who: ['shiftLeader', 'venueManager', ...installers],
    may: ['POST /api/v1/venues/{id}/commissioning-tests/{testId}/acceptances/{version}/signatures'],
  },
  {
    // Works and tests are asked for by who does them, who sits at the desk, or whose rooms they are in…
    who: [...desks, 'venueManager', 'technician'],
    may: ['POST /api/v1/isolations', 'POST /api/v1/isolations/{id}/end'],
  },
  // …and approved by who answers for the shift or for the venue.
  { who: ['shiftLeader', 'venueManager'], may: ['POST /api/v1/isolations/{id}/approve'] },
  {
    who: installers,
    may: [
      'POST /api/v1/devices',
      'PUT /api/v1/devices/{id}/life',
      'PUT /api/v1/devices/{id}/place',
      'POST /api/v1/devices/{id}/tests',
      'POST /api/v1/devices/{id}/replace',
      'POST /api/v1/devices/{id}/secret',
      'POST /api/v1/devices/{id}/claim',
      'POST /api/v1/devices/{id}/calibrations',
      'POST /api/v1/labels',
      'POST /api/v1/factory/batches/{id}/claims',
      'GET /api/v1/factory/batches',
      'GET /api/v1/factory/batches/{id}',
      'GET /api/v1/factory/batches/{id}/devices',
      'GET /api/v1/devices/{id}/end-of-line',
      'GET /api/v1/devices/{id}/calibrations',
      'GET /api/v1/releases',
      'GET /api/v1/rollouts',
      'GET /api/v1/rollouts/{id}',
      'GET /api/v1/rollouts/{id}/devices',
    ],
  },
  { who: ['systemAdmin', 'factory'], may: ['POST /api/v1/factory/batches', 'GET /api/v1/factory/template'] },
  {
    who: ['systemAdmin'],
    may: [
      'PUT /api/v1/organisations/{id}',
      'PUT /api/v1/venues/{id}',
      'PUT /api/v1/areas/{id}',
      'PUT /api/v1/circuits/{deviceId}/{prefix}',
      'PUT /api/v1/venues/{id}/contacts/{contactId}',
      'PUT /api/v1/duty-contacts/{contactId}',
      'DELETE /api/v1/duty-contacts/{contactId}',
      'DELETE /api/v1/venues/{id}/contacts/{contactId}',
      'POST /api/v1/models',
      'POST /api/v1/imports',
      'GET /api/v1/export',
      'POST /api/v1/releases',
      'PUT /api/v1/releases/{id}/file',
      'POST /api/v1/rollouts',
      'POST /api/v1/rollouts/{id}/stop',
      'POST /api/v1/rollouts/{id}/resume',
      'POST /api/v1/rollouts/{id}/roll-back',
      'POST /api/v1/rollouts/{id}/exclusions',
    ],
  },
  {
    // Other platforms, and centres above this one.
    who: ['systemAdmin', 'integrator'],
    may: [
      'GET /api/v1/sources',
      'POST /api/v1/sources',
      'PUT /api/v1/sources/{source}',
      'POST /api/v1/sources/{source}/secret',
      'POST /api/v1/sources/{source}/revoke',
      'GET /api/v1/mappings/{source}',
      'PUT /api/v1/mappings/{source}',
      'POST /api/v1/mappings/try',
      'POST /api/v1/mappings/{source}/variants',
      'POST /api/v1/mappings/{source}/devices',
      'GET /api/v1/inbox',
      'GET /api/v1/inbox/{id}',
      'DELETE /api/v1/inbox/{id}',
      'POST /api/v1/inbox/try',
      'POST /api/v1/inbox/replay',
      'GET /api/v1/inbox/groups',
      'GET /api/v1/inbox/groups/{source}/{shape}',
      'GET /api/v1/relays',
      'GET /api/v1/relays/{id}',
      'PUT /api/v1/relays/{id}',
      'POST /api/v1/relays/{id}/mode',
      'GET /api/v1/relays/{id}/devices',
    ],
  },
];

/** `METHOD /path` of the API description → the roles that it is for. */
export const whoMay: ReadonlyMap<string, readonly WalkedRole[]> = new Map(
  rows.flatMap(({ who, may }) => may.map((operation) => [operation, who] as const)),
);

/** Operations that stand in more than one row: one of them would be silently ignored. */
export const namedTwice: readonly string[] = rows
  .flatMap(({ may }) => may)
  .filter((operation, index, all) => all.indexOf(operation) !== index);
