import {
  areaKinds,
  cableCrossSectionsMm2,
  cableInstallationMethods,
  cableInsulations,
  contactRoles,
  deviceLifeStates,
  gasSupplies,
  organisationKinds,
  protectedClasses,
  venueClasses,
  venueLifeStates,
  type ImportSheet,
} from '@fengsui/protocol';
import { hexAddress, identifier, integer, list, number, oneWordOf, phone, words, type CellReader } from './cell.ts';

/** A column of a sheet: its name, what people in China call it, and how a cell is read. */
export type Column = {
  readonly key: string;
  /** Several by `|`; the first is written in an export in Chinese. */
  readonly zh: string;
  readonly required?: true;
  readonly read: CellReader<unknown>;
};

const id = (key: string, zh: string, required?: true): Column => ({
  key,
  zh,
  read: identifier,
  ...(required && { required }),
});
const name: Column = { key: 'name', zh: '名称', required: true, read: words() };
const nameEn: Column = { key: 'nameEn', zh: '英文名称', read: words() };
const optionalName: Column = { key: 'name', zh: '名称', read: words() };
const venueId = id('venueId', '场所编号|所属场所', true);

const sizes = oneWordOf(
  cableCrossSectionsMm2.map(String),
  Object.fromEntries(cableCrossSectionsMm2.map((size) => [String(size), `${size}mm²`])),
);

/** The columns of each sheet, in the order of an export. */
export const columnsOfSheet: Readonly<Record<ImportSheet, readonly Column[]>> = {
  organisations: [
    id('id', '编号|组织编号', true),
    {
      key: 'kind',
      zh: '类型',
      required: true,
      read: oneWordOf(organisationKinds, {
        committee: '管委会',
        platformCompany: '平台公司',
        operator: '运营单位',
        venueOwner: '业主单位|产权单位',
        maintenanceFirm: '维保单位',
        insurer: '保险公司',
      }),
    },
    name,
    nameEn,
    id('parentId', '上级编号'),
  ],
  venues: [
    id('id', '编号|场所编号', true),
    name,
    nameEn,
    {
      key: 'class',
      zh: '类别|场所类别',
      required: true,
      read: oneWordOf(venueClasses, {
        keyUnit: '重点单位|消防重点单位|重点消防单位',
        nineSmall: '九小场所',
        enterprise: '重点企业|企业',
        school: '学校',
        hospital: '医院',
        office: '办公楼|办公',
      }),
    },
    id('organisationId', '组织编号|业主编号'),
    { key: 'address', zh: '地址', read: words(300) },
    { key: 'addressEn', zh: '英文地址', read: words(300) },
    { key: 'longitude', zh: '经度', read: number(-180, 180, ' (WGS 84)') },
    { key: 'latitude', zh: '纬度', read: number(-90, 90, ' (WGS 84)') },
    { key: 'storeys', zh: '层数|地上层数', read: integer(1, 200) },
    { key: 'people', zh: '最多人数|人数', read: integer(0, 1_000_000) },
    {
      key: 'gas',
      zh: '燃气',
      read: oneWordOf(gasSupplies, {
        none: '无|没有',
        piped: '管道|管道燃气|天然气',
        bottled: '瓶装|瓶装液化气',
        tank: '储罐',
      }),
    },
    { key: 'access', zh: '消防通道|进入方式', read: words(300) },
    { key: 'wave', zh: '批次|实施批次', read: words(60) },
    {
      key: 'life',
      zh: '状态|场所状态',
      read: oneWordOf(venueLifeStates, {
        planned: '计划|计划中',
        installed: '已安装|安装',
        tested: '已测试|测试',
        live: '已投运|投运',
      }),
    },
  ],
  contacts: [
    id('id', '编号|联系人编号'),
    venueId,
    { ...name, zh: '姓名|名称' },
    {
      key: 'role',
      zh: '职责|角色',
      required: true,
      read: oneWordOf(contactRoles, {
        responsible: '消防安全责任人|责任人',
        manager: '消防安全管理人|管理人',
        duty: '值班|值班室',
        owner: '业主',
        maintenance: '维保',
        other: '其他',
      }),
    },
    { key: 'phone', zh: '电话|手机', required: true, read: phone },
    { key: 'rank', zh: '呼叫顺序|顺序', read: integer(1, 99) },
  ],
  areas: [
    id('id', '编号|区域编号', true),
    venueId,
    {
      key: 'kind',
      zh: '类型',
      required: true,
      read: oneWordOf(areaKinds, {
        building: '楼栋|建筑',
        floor: '楼层',
        room: '房间',
        board: '配电箱',
        outdoor: '室外',
      }),
    },
    name,
    nameEn,
    id('parentId', '上级编号|上级区域'),
    { key: 'use', zh: '用途', read: words(40) },
  ],
  devices: [
    id('id', '编号|设备编号', true),
    { key: 'model', zh: '型号', required: true, read: words(64) },
    venueId,
    id('areaId', '区域编号'),
    { key: 'area', zh: '位置|安装位置', read: words() },
    optionalName,
    nameEn,
    id('parentId', '网关编号|上级设备'),
    { key: 'reportingIntervalS', zh: '上报间隔秒', read: number(1, 86_400, ' seconds') },
    {
      key: 'life',
      zh: '状态',
      read: oneWordOf(deviceLifeStates, {
        produced: '生产',
        tested: '检测|已检测',
        inStock: '入库|在库',
        installed: '安装|已安装',
        active: '在用|投用',
        maintenance: '维修|维护',
        retired: '报废',
      }),
    },
    { key: 'gbAddress', zh: '国标地址|传输装置地址', read: hexAddress },
    { key: 'gbProfile', zh: '国标配置', read: words(64) },
    { key: 'gbAllow', zh: '允许来源', read: list },
  ],
  circuits: [
    id('deviceId', '设备编号', true),
    { key: 'prefix', zh: '回路|回路号', required: true, read: words(16) },
    id('areaId', '区域编号'),
    optionalName,
    nameEn,
    { key: 'ratedA', zh: '额定电流A', read: number(0.1, 6300, ' (A)') },
    { key: 'insulation', zh: '绝缘', read: oneWordOf(cableInsulations, { PVC: '聚氯乙烯', XLPE: '交联聚乙烯' }) },
    { key: 'crossSectionMm2', zh: '截面mm2|截面积', read: sizes },
    {
      key: 'installationMethod',
      zh: '敷设方式',
      read: oneWordOf(cableInstallationMethods, {
        A1: '绝热墙内穿管',
        B1: '墙上穿管单芯',
        B2: '墙上穿管多芯',
        C: '明敷',
      }),
    },
    { key: 'loadedConductors', zh: '载流导体数', read: integer(2, 3) },
    { key: 'circuitsTogether', zh: '并列回路数', read: integer(1, 20) },
    { key: 'ambientC', zh: '环境温度', read: number(-40, 80, ' °C') },
    { key: 'probe', zh: '测温点', read: words(16) },
    {
      key: 'protectedClass',
      zh: '保护类别',
      read: oneWordOf(protectedClasses, {
        firePump: '消防泵',
        smokeFan: '防排烟风机|排烟风机',
        icu: 'ICU|重症监护',
        homeMedical: '居家医疗',
        lift: '电梯',
        refrigeration: '冷藏|冷库',
        none: '无|可切断',
        unknown: '未知|未排查',
      }),
    },
  ],
};

/** What people call the sheets. */
export const sheetWords: Readonly<Record<ImportSheet, string>> = {
  organisations: '组织|单位',
  venues: '场所',
  contacts: '联系人',
  areas: '区域',
  devices: '设备',
  circuits: '回路',
};
