import type { Venue, VenueClass } from '@fengsui/protocol';
import { RandomStream } from '../random/random-stream.ts';
import { counties, type CountyId } from './counties.ts';
import { DEMO_MARK, DEMO_MARK_EN } from './organisations.ts';

/** A venue of the demo city: invented, whatever its name. */
export type DemoVenue = Venue & { readonly demo: true };

type Row = readonly [kind: VenueClass, county: CountyId, name: string, nameEn: string];

const rows: readonly Row[] = [
  ['keyUnit', 'yaodu', '望烽购物中心', 'Wangfeng Shopping Centre'],
  ['keyUnit', 'yaodu', '星屿大酒店', 'Xingyu Hotel'],
  ['keyUnit', 'yaodu', '丹垣影城', 'Danyuan Cinema'],
  ['keyUnit', 'houma', '云栈商贸城', 'Yunzhan Trade City'],
  ['keyUnit', 'hongtong', '远岫客运站', 'Yuanxiu Coach Station'],
  ['keyUnit', 'yaodu', '澜台文化馆', 'Lantai Culture Hall'],
  ['nineSmall', 'yaodu', '小满便利店', 'Xiaoman Corner Shop'],
  ['nineSmall', 'yaodu', '老槐面馆', 'Laohuai Noodle House'],
  ['nineSmall', 'yaodu', '叮当小旅馆', 'Dingdang Guest House'],
  ['nineSmall', 'yaodu', '飞鸢网吧', 'Feiyuan Internet Café'],
  ['nineSmall', 'yaodu', '半亩茶室', 'Banmu Tea Room'],
  ['nineSmall', 'yaodu', '轻羽美发', 'Qingyu Hairdresser'],
  ['nineSmall', 'yaodu', '双喜小超市', 'Shuangxi Mini Market'],
  ['nineSmall', 'hongtong', '槐荫饭庄', 'Huaiyin Restaurant'],
  ['nineSmall', 'xiangfen', '陶寨小吃店', 'Taozhai Snack Bar'],
  ['nineSmall', 'houma', '新田五金店', 'Xintian Hardware Shop'],
  ['nineSmall', 'huozhou', '霍岭小药房', 'Huoling Pharmacy'],
  ['nineSmall', 'quwo', '沃野洗衣店', 'Woye Laundry'],
  ['nineSmall', 'fushan', '浮云歌厅', 'Fuyun Karaoke'],
  ['nineSmall', 'jixian', '壶口小客栈', 'Hukou Inn'],
  ['enterprise', 'yaodu', '铸原机械厂', 'Zhuyuan Machine Works'],
  ['enterprise', 'yaodu', '禾澜食品厂', 'Helan Food Plant'],
  ['enterprise', 'hongtong', '赤陶建材厂', 'Chitao Building Materials'],
  ['enterprise', 'xiangfen', '汾岸铸造厂', 'Fen’an Foundry'],
  ['enterprise', 'houma', '平澜仓储中心', 'Pinglan Warehouse'],
  ['enterprise', 'yicheng', '翼原纺织厂', 'Yiyuan Textile Mill'],
  ['school', 'yaodu', '启明小学', 'Qiming Primary School'],
  ['school', 'yaodu', '星野中学', 'Xingye Middle School'],
  ['school', 'huozhou', '青禾幼儿园', 'Qinghe Kindergarten'],
  ['school', 'quwo', '知微职业学校', 'Zhiwei Vocational School'],
  ['school', 'xiangning', '云麓寄宿学校', 'Yunlu Boarding School'],
  ['hospital', 'yaodu', '安禾医院', 'Anhe Hospital'],
  ['hospital', 'houma', '杏原医院', 'Xingyuan Hospital'],
  ['hospital', 'puxian', '柏溪卫生院', 'Baixi Health Centre'],
  ['office', 'yaodu', '方庭大厦', 'Fangting Tower'],
  ['office', 'yaodu', '燧石创意园', 'Suishi Creative Park'],
  ['office', 'yaodu', '观澜办公楼', 'Guanlan Offices'],
  ['office', 'hongtong', '朴园写字楼', 'Puyuan Office Building'],
  ['office', 'houma', '晋原政务楼', 'Jinyuan Administration Building'],
  ['office', 'yicheng', '栖云办公楼', 'Qiyun Offices'],
];

const owners: Record<VenueClass, readonly [string, ...string[]]> = {
  keyUnit: ['demo-owner-key-1', 'demo-owner-key-2'],
  nineSmall: ['demo-owner-small-1', 'demo-owner-small-2'],
  enterprise: ['demo-owner-enterprise-1', 'demo-owner-enterprise-2'],
  school: ['demo-owner-school-1'],
  hospital: ['demo-owner-hospital-1'],
  office: ['demo-owner-office-1'],
};

/** The venues of the demo city; ids and names are fixed, the seed moves their positions within the county seat. */
export function demoVenues(seed: number): readonly DemoVenue[] {
  return rows.map(([kind, countyId, name, nameEn], index) => {
    const number = String(index + 1).padStart(2, '0');
    const county = counties[countyId];
    const random = new RandomStream(seed, `demo/venue/${number}`);
    const ownersOfClass = owners[kind];
    return {
      id: `demo-venue-${number}`,
      name: name + DEMO_MARK,
      nameEn: nameEn + DEMO_MARK_EN,
      class: kind,
      organisationId: ownersOfClass[index % ownersOfClass.length] ?? ownersOfClass[0],
      address: `${county.name}${DEMO_MARK}`,
      addressEn: `${county.nameEn}${DEMO_MARK_EN}`,
      longitude: scattered(county.longitude, county.spreadDeg, random),
      latitude: scattered(county.latitude, county.spreadDeg * 0.8, random),
      ...fireFactsOf(kind, new RandomStream(seed, `demo/venue/${number}/facts`)),
      origin: 'simulated',
      demo: true,
    };
  });
}

type FireFacts = Pick<Venue, 'storeys' | 'people' | 'gas'>;
type Range = readonly [least: number, most: number];

const factsOfClass: Readonly<Record<VenueClass, { storeys: Range; people: Range; gas: NonNullable<Venue['gas']> }>> = {
  keyUnit: { storeys: [4, 18], people: [400, 3000], gas: 'piped' },
  nineSmall: { storeys: [1, 2], people: [5, 60], gas: 'bottled' },
  enterprise: { storeys: [1, 4], people: [80, 900], gas: 'tank' },
  school: { storeys: [3, 6], people: [300, 2400], gas: 'piped' },
  hospital: { storeys: [4, 14], people: [200, 1800], gas: 'piped' },
  office: { storeys: [6, 24], people: [150, 1600], gas: 'none' },
};

function fireFactsOf(kind: VenueClass, random: RandomStream): FireFacts {
  const { storeys, people, gas } = factsOfClass[kind];
  const within = ([least, most]: Range): number => Math.round(random.between(least, most));
  return { storeys: within(storeys), people: within(people), gas };
}

/** Denser towards the centre; rounded to about 10 m. */
function scattered(centre: number, spread: number, random: RandomStream): number {
  const offset = spread * Math.max(-2, Math.min(2, random.normal())) * 0.6;
  return Math.round((centre + offset) * 1e4) / 1e4;
}
