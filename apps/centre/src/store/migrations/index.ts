import type { Migration } from '../migrate.ts';
import { first } from './0001-first.ts';
import { loads } from './0002-loads.ts';
import { gb26875 } from './0003-gb26875.ts';
import { registry } from './0004-registry.ts';
import { commands } from './0005-command.ts';
import { foreign } from './0006-foreign.ts';
import { workOrders } from './0007-work-order.ts';
import { commissioning } from './0008-commissioning.ts';
import { foreignBroker } from './0009-foreign-broker.ts';
import { gbRelay } from './0010-gb-relay.ts';
import { rollout } from './0011-rollout.ts';
import { factory } from './0012-factory.ts';
import { alarmVerdict } from './0013-alarm-verdict.ts';
import { onSite } from './0014-on-site.ts';
import { history } from './0015-history.ts';
import { historyShare } from './0016-history-share.ts';
import { commitOnceGuard } from './0017-commit-once.ts';
import { audit } from './0018-audit.ts';
import { firePlace } from './0019-fire-place.ts';
import { accounts } from './0020-accounts.ts';
import { knownPlace } from './0021-known-place.ts';
import { loadHistory } from './0022-load-history.ts';
import { tokenUse } from './0023-token-use.ts';
import { ruleVersion } from './0024-rule-version.ts';
import { auditExport } from './0025-audit-export.ts';
import { isolation } from './0026-isolation.ts';
import { secondFactor } from './0027-second-factor.ts';
import { organisationRights } from './0028-organisation-rights.ts';
import { linkedIdentity } from './0029-linked-identity.ts';
import { incident } from './0030-incident.ts';
import { fireMessage } from './0031-fire-message.ts';
import { incidentFile } from './0032-incident-file.ts';
import { callOut } from './0033-call-out.ts';

/** Every version of the schema, oldest first. */
export const migrations: readonly Migration[] = [
  first,
  loads,
  gb26875,
  registry,
  commands,
  foreign,
  workOrders,
  commissioning,
  foreignBroker,
  gbRelay,
  rollout,
  factory,
  alarmVerdict,
  onSite,
  history,
  historyShare,
  commitOnceGuard,
  audit,
  firePlace,
  accounts,
  knownPlace,
  loadHistory,
  tokenUse,
  ruleVersion,
  auditExport,
  isolation,
  secondFactor,
  organisationRights,
  linkedIdentity,
  incident,
  fireMessage,
  incidentFile,
  callOut,
];
