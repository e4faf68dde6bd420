import type { GbNumberName } from './gb-object.ts';
import type { GbField, GbLayout } from './layout.ts';

/** A type of application data unit 数据单元 (Table 3) with the layout of its objects. */
export type GbUnitType = {
  readonly type: number;
  readonly zh: string;
  readonly en: string;
  readonly clause: string;
  /** Most objects in one unit. */
  readonly maxCount: number;
  /** Commands that carry it: 1 control, 2 send, 4 request, 5 response. */
  readonly commands: readonly number[];
  /** For a read: the type that answers it. */
  readonly answerType?: number;
  readonly layout: GbLayout;
};

const byte = (name: GbNumberName): GbField => ({ kind: 'number', name, bytes: 1 });
const word = (name: GbNumberName): GbField => ({ kind: 'number', name, bytes: 2 });
const partAddress: GbField = { kind: 'hex', name: 'partAddress', bytes: 4 };
const description: GbField = { kind: 'text', name: 'description', bytes: 31 };
const text: GbField = { kind: 'countedText', name: 'text' };
const at: GbField = { kind: 'time', name: 'at' };
const fromAt: GbField = { kind: 'time', name: 'fromAt' };
const system: GbLayout = [byte('systemType'), byte('systemAddress')];
const part: GbLayout = [...system, byte('partType'), partAddress];
// Reads name no part type: a component's identity is device, system and part address.
const partToRead: GbLayout = [...system, partAddress];
const version: GbLayout = [byte('major'), byte('minor')];
const records: GbLayout = [byte('recordCount'), fromAt];
const reserved: GbLayout = [byte('reserved')];

const upload = (
  type: number,
  clause: number,
  zh: string,
  en: string,
  maxCount: number,
  layout: GbLayout,
): GbUnitType => ({ type, zh, en, clause: `8.3.1.${clause}`, maxCount, commands: [2, 5], layout });

const read = (
  type: number,
  clause: number,
  answerType: number,
  zh: string,
  en: string,
  maxCount: number,
  layout: GbLayout,
): GbUnitType => ({ type, zh, en, clause: `8.3.2.${clause}`, maxCount, commands: [4], answerType, layout });

const control = (type: number, clause: number, zh: string, en: string, layout: GbLayout): GbUnitType => ({
  type,
  zh,
  en,
  clause: `8.3.2.${clause}`,
  maxCount: 1,
  commands: [1],
  layout,
});

/**
 * Every type the standard defines. The others: 9–20, 22, 23, 27, 29–60, 69–80, 82, 83, 87 and 92–127 are reserved,
 * 128–254 user-defined; 0 and 255 lie in no range and count as reserved here.
 */
export const gbUnitTypes: readonly GbUnitType[] = [
  upload(1, 1, '上传建筑消防设施系统状态', 'system state', 102, [...system, word('status'), at]),
  upload(2, 2, '上传建筑消防设施部件运行状态', 'component state', 22, [...part, word('status'), description, at]),
  upload(3, 3, '上传建筑消防设施部件模拟量值', 'component analog value', 63, [
    ...part,
    byte('analogType'),
    { kind: 'number', name: 'raw', bytes: 2, isSigned: true },
    at,
  ]),
  upload(4, 4, '上传建筑消防设施操作信息', 'facility operation record', 102, [
    ...system,
    byte('operation'),
    byte('operator'),
    at,
  ]),
  upload(5, 5, '上传建筑消防设施软件版本', 'facility software version', 1, [...system, ...version]),
  upload(6, 6, '上传建筑消防设施系统配置情况', 'system configuration', 3, [...system, text]),
  upload(7, 7, '上传建筑消防设施部件配置情况', 'component configuration', 26, [...part, description]),
  upload(8, 8, '上传建筑消防设施系统时间', 'facility system time', 1, [...system, at]),
  upload(21, 9, '上传用户信息传输装置运行状态', 'device run state', 1, [byte('status'), at]),
  // Read 84 asks for at most 102 records, the answer may hold 127: ask 102, accept 127.
  upload(24, 10, '上传用户信息传输装置操作信息', 'device operation record', 127, [
    byte('operation'),
    byte('operator'),
    at,
  ]),
  // Figure 15 calls it «数据版本»; it is the device's software version.
  upload(25, 11, '上传用户信息传输装置软件版本', 'device software version', 1, version),
  upload(26, 12, '上传用户信息传输装置配置情况', 'device configuration', 1, [text]),
  upload(28, 13, '上传用户信息传输装置系统时间', 'device system time', 1, [at]),
  read(61, 1, 1, '读建筑消防设施系统状态', 'read system state', 102, system),
  read(62, 2, 2, '读建筑消防设施部件运行状态', 'read component state', 22, partToRead),
  read(63, 3, 3, '读建筑消防设施部件模拟量值', 'read component analog value', 63, partToRead),
  read(64, 4, 4, '读建筑消防设施操作信息', 'read facility operation records', 1, [...system, ...records]),
  read(65, 5, 5, '读建筑消防设施软件版本', 'read facility software version', 1, system),
  read(66, 6, 6, '读建筑消防设施系统配置情况', 'read system configuration', 3, system),
  read(67, 7, 7, '读建筑消防设施部件配置情况', 'read component configuration', 26, partToRead),
  read(68, 8, 8, '读建筑消防设施系统时间', 'read facility system time', 1, system),
  read(81, 9, 21, '读用户信息传输装置运行状态', 'read device run state', 1, reserved),
  read(84, 10, 24, '读用户信息传输装置操作信息记录', 'read device operation records', 1, records),
  read(85, 11, 25, '读用户信息传输装置软件版本', 'read device software version', 1, reserved),
  read(86, 12, 26, '读用户信息传输装置配置情况', 'read device configuration', 1, reserved),
  read(88, 13, 28, '读用户信息传输装置系统时间', 'read device system time', 1, reserved),
  control(89, 14, '初始化用户信息传输装置', 'initialise device', reserved),
  control(90, 15, '同步用户信息传输装置时钟', 'synchronise device clock', [at]),
  control(91, 16, '查岗命令', 'on-duty check', [byte('answerWithinMin')]),
];

const byType = new Map(gbUnitTypes.map((row) => [row.type, row]));

/** A type of the standard; undefined for reserved and user-defined ones. */
export function gbUnitType(type: number): GbUnitType | undefined {
  return byType.get(type);
}
