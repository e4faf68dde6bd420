/**
 * How often a disturbance of each class happens on a device of eight circuits, per day. ASSUMED, for the arithmetic from
 * a bound per episode to one per device-day: a busy shop or flat, not a measurement. A class not listed: `otherwise`.
 */
export const assumedEpisodesPerDeviceDay: Readonly<Record<string, number>> = {
  resistiveSwitchOn: 40,
  motorSwitchOn: 30,
  compressorStart: 60,
  rectifierSwitchOn: 40,
  pfcSwitchOn: 10,
  chargerPlugIn: 4,
  ledBankSwitchOn: 30,
  plugInOut: 10,
  contactBounce: 40,
  lampBurnOut: 0.01,
  dimmerTurning: 5,
  brushWear: 20,
  drillTrigger: 10,
  hobPulsing: 200,
  microwaveCycling: 50,
  inverterRamp: 40,
  neighbourArc: 0.01,
  voltageEvent: 5,
  fluorescentStart: 10,
  applianceSwitchOn: 100,
  applianceSwitchOff: 100,
};

export const otherwiseEpisodesPerDeviceDay = 10;
