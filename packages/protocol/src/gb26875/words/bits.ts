import type { GbProfile } from '../profile.ts';

/** One bit of a status or operation byte or word. */
export type GbBit = {
  readonly bit: number;
  /** Name of the bit when it is 1. */
  readonly name: string;
  readonly zh: string;
  readonly en: string;
  /** What 0 means where the standard gives it a name of its own. */
  readonly whenClear?: { readonly name: string; readonly zh: string; readonly en: string };
};

const bit = (at: number, name: string, zh: string, en: string): GbBit => ({ bit: at, name, zh, en });
const clear = (name: string, zh: string, en: string) => ({ whenClear: { name, zh, en } });

const test = clear('test', '测试状态', 'test');
const facility: readonly GbBit[] = [
  { ...bit(0, 'normal', '正常运行', 'normal running'), ...test },
  bit(1, 'fire', '火警', 'fire'),
  bit(2, 'fault', '故障', 'fault'),
  bit(3, 'shielded', '屏蔽', 'shielded'),
  bit(4, 'supervisory', '监管', 'supervisory'),
  { ...bit(5, 'started', '启动(开启)', 'started (open)'), ...clear('stopped', '停止(关闭)', 'stopped (closed)') },
  bit(6, 'feedback', '反馈', 'feedback'),
  bit(7, 'delayed', '延时', 'delay running'),
];

/** Status word of a system (type 1, 8.2.1.1). Figure 6 prints «=1 正常» at bit 13 where 0 is meant. */
export const gbSystemStatusBits: readonly GbBit[] = [
  ...facility,
  bit(8, 'mainsFault', '主电故障', 'mains fault'),
  bit(9, 'backupFault', '备电故障', 'backup-power fault'),
  bit(10, 'busFault', '总线故障', 'bus fault'),
  { ...bit(11, 'manual', '手动状态', 'manual'), ...clear('automatic', '自动状态', 'automatic') },
  bit(12, 'configurationChanged', '配置改变', 'configuration changed'),
  bit(13, 'reset', '复位', 'reset'),
];

/** Status word of a component (type 2, 8.2.1.2). */
export const gbPartStatusBits: readonly GbBit[] = [...facility, bit(8, 'powerFault', '电源故障', 'power fault')];

/** Status byte of the transmission device 用户信息传输装置 (type 21, 8.2.1.9). */
export const gbDeviceStatusBits: readonly GbBit[] = [
  { ...bit(0, 'normal', '正常监视状态', 'normal monitoring'), ...test },
  bit(1, 'fire', '火警', 'fire'),
  bit(2, 'fault', '故障', 'fault'),
  bit(3, 'mainsFault', '主电故障', 'mains fault'),
  bit(4, 'backupFault', '备电故障', 'backup-power fault'),
  bit(5, 'channelFault', '与监控中心通信信道故障', 'channel to the centre faulty'),
  bit(6, 'lineFault', '监测连接线路故障', 'monitored line faulty'),
];

const operations: readonly GbBit[] = [
  bit(0, 'reset', '复位', 'reset'),
  bit(1, 'mute', '消音', 'sounder muted'),
  bit(2, 'manualAlarm', '手动报警', 'manual alarm'),
  bit(3, 'alarmCleared', '警情消除', 'alarm cleared'),
  bit(4, 'selfTest', '自检', 'self-test'),
];
const tested = bit(6, 'test', '测试', 'test');

/** Operations at a facility (type 4, 8.2.1.4). Several may be set; none means no operation. */
export const gbFacilityOperationBits: readonly GbBit[] = [...operations, bit(5, 'confirm', '确认', 'confirm'), tested];

/** Operations at the transmission device (type 24, 8.2.1.10). */
export const gbDeviceOperationBits: readonly GbBit[] = [
  ...operations,
  bit(5, 'onDutyAnswer', '查岗应答', 'on-duty answer'),
  tested,
];

/** Bits of the status word of a unit type, or of the type a profile compares it with; undefined when it has none. */
export function gbStatusBits(unitType: number, profile?: GbProfile): readonly GbBit[] | undefined {
  const type = bitsOf(unitType, profile);
  if (type === 1) return gbSystemStatusBits;
  if (type === 2) return gbPartStatusBits;
  return type === 21 ? gbDeviceStatusBits : undefined;
}

/** Bits of the operation byte of a unit type, as `gbStatusBits`. */
export function gbOperationBits(unitType: number, profile?: GbProfile): readonly GbBit[] | undefined {
  const type = bitsOf(unitType, profile);
  if (type === 4) return gbFacilityOperationBits;
  return type === 24 ? gbDeviceOperationBits : undefined;
}

function bitsOf(type: number, profile: GbProfile | undefined): number {
  return profile?.units?.find((unit) => unit.type === type)?.bitsOf ?? type;
}

/** Names of the bits that are 1, lowest first; reserved bits have no name. */
export function gbBitNames(bits: readonly GbBit[], word: number): string[] {
  return bits.filter((row) => ((word >>> row.bit) & 1) === 1).map((row) => row.name);
}
