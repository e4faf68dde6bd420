/** Words of what is measured, Chinese. */
export const sensingZh = {
  quantity: {
    voltageV: '电压',
    currentA: '电流',
    residualCurrentMa: '剩余电流',
    activePowerW: '有功功率',
    reactivePowerVar: '无功功率',
    apparentPowerVa: '视在功率',
    powerFactor: '功率因数',
    frequencyHz: '频率',
    thdCurrentPct: '电流畸变',
    thdVoltagePct: '电压畸变',
    energyKwh: '电能',
    temperatureC: '温度',
    obscurationPctPerM: '烟雾浓度',
    lelPct: '可燃气体',
  },
  pointPrefix: { c: '回路 {{n}}', t: '测温 {{n}}' },
  family: { electricity: '电气', temperature: '温度', smoke: '烟雾', gas: '可燃气体', other: '其他' },
} as const;
