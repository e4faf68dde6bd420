import { accountZh } from './account-zh.ts';
import { alarmGroupZh } from './alarm-group-zh.ts';
import { alarmZh } from './alarm-zh.ts';
import { auditZh } from './audit-zh.ts';
import { callOutZh } from './call-out-zh.ts';
import { captureZh } from './capture-zh.ts';
import { centreStateZh } from './centre-state-zh.ts';
import { commandZh } from './command-zh.ts';
import { commissioningZh } from './commissioning-zh.ts';
import { deskZh } from './desk-zh.ts';
import { deviceZh } from './device-zh.ts';
import { evidenceZh } from './evidence-zh.ts';
import { facilityZh } from './facility-zh.ts';
import { factoryZh } from './factory-zh.ts';
import { fieldZh } from './field-zh.ts';
import { foreignZh } from './foreign-zh.ts';
import { incidentZh } from './incident-zh.ts';
import { isolationZh } from './isolation-zh.ts';
import { lifeZh } from './life-zh.ts';
import { localActZh } from './local-act-zh.ts';
import { registryZh } from './registry-zh.ts';
import { relayZh } from './relay-zh.ts';
import { rolloutZh } from './rollout-zh.ts';
import { sensingZh } from './sensing-zh.ts';
import { ruleZh } from './rule-zh.ts';
import { shellZh } from './shell-zh.ts';
import { soundZh } from './sound-zh.ts';
import { venueZh } from './venue-zh.ts';
import { verdictZh } from './verdict-zh.ts';
import { wallZh } from './wall-zh.ts';
import { workZh } from './work-zh.ts';

/** Words of the console, Chinese, joined from one file per topic. en.ts has the same keys; locale.test.ts compares keys and placeholders. */
export const zh = {
  ...accountZh,
  ...alarmZh,
  ...alarmGroupZh,
  ...auditZh,
  ...callOutZh,
  ...captureZh,
  ...centreStateZh,
  ...commandZh,
  ...commissioningZh,
  ...deskZh,
  ...deviceZh,
  ...evidenceZh,
  ...facilityZh,
  ...factoryZh,
  ...fieldZh,
  ...foreignZh,
  ...incidentZh,
  ...isolationZh,
  ...lifeZh,
  ...localActZh,
  ...registryZh,
  ...relayZh,
  ...rolloutZh,
  ...sensingZh,
  ...ruleZh,
  ...shellZh,
  ...soundZh,
  ...venueZh,
  ...verdictZh,
  ...wallZh,
  ...workZh,
} as const;

/** The same keys with any text. */
export type Words<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : Words<Tree[Key]> };

/** The shape every language has. */
export type Messages = Words<typeof zh>;
