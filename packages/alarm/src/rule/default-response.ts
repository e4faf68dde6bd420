export type RuleWords = { readonly zh: string; readonly en: string };

/** What a rule says beside its test. */
type Response = { readonly consequence: RuleWords; readonly response: RuleWords; readonly timeAllowedS: number };

const fire: Response = {
  consequence: { zh: '火灾蔓延，危及人员', en: 'a fire grows and endangers people' },
  response: { zh: '立即确认现场，组织疏散与扑救', en: 'confirm on site at once, evacuate and fight the fire' },
  timeAllowedS: 60,
};

/** What the product says of its own limits, and of fires that devices tell. Times are ours: how long the hazard of that kind leaves, not a norm. */
export const defaultResponses: Readonly<Record<string, Response>> = {
  overTemperature: {
    consequence: {
      zh: '接头持续发热，绝缘老化，可能起火',
      en: 'a joint goes on heating, insulation ages, it may burn',
    },
    response: { zh: '减小负荷，派人检查并紧固接头', en: 'reduce the load, have the joint looked at and tightened' },
    timeAllowedS: 1_800,
  },
  residualCurrent: {
    consequence: { zh: '漏电流可能引燃，人可能触电', en: 'the leakage may ignite, people may get a shock' },
    response: { zh: '查出漏电回路并断电检修', en: 'find the leaking branch, isolate and repair it' },
    timeAllowedS: 1_800,
  },
  overVoltage: {
    consequence: { zh: '用电设备过热或损坏', en: 'appliances overheat or fail' },
    response: { zh: '断开敏感负荷，检查中性线与供电', en: 'disconnect what is sensitive, check neutral and supply' },
    timeAllowedS: 900,
  },
  underVoltage: {
    consequence: { zh: '电动机堵转发热，设备停机', en: 'motors stall and heat, machines stop' },
    response: { zh: '停用电动机负荷，检查供电', en: 'stop motors, check the supply' },
    timeAllowedS: 900,
  },
  smoke: fire,
  heat: fire,
  fire,
  manualAlarm: fire,
  fireIndication: fire,
  gas: {
    consequence: { zh: '可燃气体积聚，遇火花爆炸', en: 'gas gathers and explodes at a spark' },
    response: { zh: '关阀、通风，禁止开关电器，疏散', en: 'close the valve, air the room, switch nothing, evacuate' },
    timeAllowedS: 60,
  },
};
