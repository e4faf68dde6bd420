import { accountEn } from './account-en.ts';
import { alarmGroupEn } from './alarm-group-en.ts';
import { alarmEn } from './alarm-en.ts';
import { auditEn } from './audit-en.ts';
import { callOutEn } from './call-out-en.ts';
import { captureEn } from './capture-en.ts';
import { centreStateEn } from './centre-state-en.ts';
import { commandEn } from './command-en.ts';
import { commissioningEn } from './commissioning-en.ts';
import { deskEn } from './desk-en.ts';
import { deviceEn } from './device-en.ts';
import { evidenceEn } from './evidence-en.ts';
import { facilityEn } from './facility-en.ts';
import { factoryEn } from './factory-en.ts';
import { fieldEn } from './field-en.ts';
import { foreignEn } from './foreign-en.ts';
import { incidentEn } from './incident-en.ts';
import { isolationEn } from './isolation-en.ts';
import { lifeEn } from './life-en.ts';
import { localActEn } from './local-act-en.ts';
import { registryEn } from './registry-en.ts';
import { relayEn } from './relay-en.ts';
import { rolloutEn } from './rollout-en.ts';
import { sensingEn } from './sensing-en.ts';
import { ruleEn } from './rule-en.ts';
import { shellEn } from './shell-en.ts';
import { soundEn } from './sound-en.ts';
import { venueEn } from './venue-en.ts';
import { verdictEn } from './verdict-en.ts';
import { wallEn } from './wall-en.ts';
import { workEn } from './work-en.ts';
import type { Messages } from './zh.ts';

/** Words of the console, English. Plurals are avoided by wording ("Alarms: 3"), so both languages keep one set of keys. */
export const en: Messages = {
  ...accountEn,
  ...alarmEn,
  ...alarmGroupEn,
  ...auditEn,
  ...callOutEn,
  ...captureEn,
  ...centreStateEn,
  ...commandEn,
  ...commissioningEn,
  ...deskEn,
  ...deviceEn,
  ...evidenceEn,
  ...facilityEn,
  ...factoryEn,
  ...fieldEn,
  ...foreignEn,
  ...incidentEn,
  ...isolationEn,
  ...lifeEn,
  ...localActEn,
  ...registryEn,
  ...relayEn,
  ...rolloutEn,
  ...sensingEn,
  ...ruleEn,
  ...shellEn,
  ...soundEn,
  ...venueEn,
  ...verdictEn,
  ...wallEn,
  ...workEn,
};
