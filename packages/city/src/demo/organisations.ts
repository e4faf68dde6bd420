import type { Organisation } from '@fengsui/protocol';

/** The mark every invented name carries. */
export const DEMO_MARK = '（演示）';
export const DEMO_MARK_EN = ' (demo)';

type Row = readonly [id: string, kind: Organisation['kind'], name: string, nameEn: string, parentId?: string];

const rows: readonly Row[] = [
  ['demo-committee', 'committee', '望烽消防安全管理委员会', 'Wangfeng Fire Safety Management Committee'],
  ['demo-platform-1', 'platformCompany', '青燧智慧安全平台公司', 'Qingsui Safety Platform Company', 'demo-committee'],
  ['demo-platform-2', 'platformCompany', '丹垣物联平台公司', 'Danyuan IoT Platform Company', 'demo-committee'],
  // A joint venture has two parents; the tree holds the first, the name says the rest.
  ['demo-operator', 'operator', '青燧丹垣联合运营公司', 'Qingsui Danyuan Joint Venture (operator)', 'demo-platform-1'],
  ['demo-maintenance', 'maintenanceFirm', '守望消防维保公司', 'Shouwang Maintenance Firm', 'demo-operator'],
  ['demo-owner-key-1', 'venueOwner', '星屿商业管理公司', 'Xingyu Retail Management', 'demo-operator'],
  ['demo-owner-key-2', 'venueOwner', '云栈文旅公司', 'Yunzhan Culture and Travel', 'demo-operator'],
  ['demo-owner-small-1', 'venueOwner', '临街商户联合会甲', 'Street Shop Union A', 'demo-operator'],
  ['demo-owner-small-2', 'venueOwner', '临街商户联合会乙', 'Street Shop Union B', 'demo-operator'],
  ['demo-owner-enterprise-1', 'venueOwner', '铸原制造公司', 'Zhuyuan Manufacturing', 'demo-operator'],
  ['demo-owner-enterprise-2', 'venueOwner', '禾澜食品公司', 'Helan Foods', 'demo-operator'],
  ['demo-owner-school-1', 'venueOwner', '启明教育机构', 'Qiming Education', 'demo-operator'],
  ['demo-owner-hospital-1', 'venueOwner', '安禾医疗机构', 'Anhe Medical', 'demo-operator'],
  ['demo-owner-office-1', 'venueOwner', '方庭物业公司', 'Fangting Property', 'demo-operator'],
];

/** Organisations of the demo city: all invented, `demo: true`, parents before children. */
export const demoOrganisations: readonly Organisation[] = rows.map(([id, kind, name, nameEn, parentId]) => ({
  id,
  kind,
  name: name + DEMO_MARK,
  nameEn: nameEn + DEMO_MARK_EN,
  ...(parentId === undefined ? {} : { parentId }),
  demo: true,
}));
