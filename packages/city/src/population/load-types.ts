/** Families by the electrical principle: the words of recognition. */
export type LoadFamilyName =
  | 'resistive'
  | 'motor'
  | 'brushMotor'
  | 'electronic'
  | 'phaseCut'
  | 'microwave'
  | 'charger'
  | 'inductionHob'
  | 'discharge';

export type LoadType = {
  readonly type: string;
  readonly family: LoadFamilyName;
  readonly zh: string;
  /** Rated power at 220 V of nearly all of the population, W. */
  readonly powerW: readonly [low: number, high: number];
};

/** Types the population is drawn from, by family. The power is what a sampled load is rated at, not a limit of recognition. */
export const loadTypes = [
  { type: 'kettle', family: 'resistive', zh: '电热水壶', powerW: [800, 2200] },
  { type: 'immersionHeater', family: 'resistive', zh: '热得快', powerW: [300, 1800] },
  { type: 'hotPlate', family: 'resistive', zh: '电炉', powerW: [600, 2300] },
  { type: 'spaceHeater', family: 'resistive', zh: '电暖器', powerW: [340, 2400] },
  { type: 'ptcHeater', family: 'resistive', zh: '暖风机', powerW: [480, 2450] },
  { type: 'electricBlanket', family: 'resistive', zh: '电热毯', powerW: [40, 160] },
  { type: 'riceCooker', family: 'resistive', zh: '电饭煲', powerW: [290, 1200] },
  { type: 'waterHeater', family: 'resistive', zh: '电热水器', powerW: [1000, 3300] },
  { type: 'iron', family: 'resistive', zh: '电熨斗', powerW: [850, 2350] },
  { type: 'oven', family: 'resistive', zh: '电烤箱', powerW: [870, 2600] },
  { type: 'incandescentLamp', family: 'resistive', zh: '白炽灯', powerW: [12, 180] },
  { type: 'hairDryer', family: 'resistive', zh: '电吹风', powerW: [180, 2400] },
  { type: 'fan', family: 'motor', zh: '电风扇', powerW: [17, 90] },
  { type: 'rangeHood', family: 'motor', zh: '抽油烟机', powerW: [75, 270] },
  { type: 'refrigerator', family: 'motor', zh: '冰箱', powerW: [45, 260] },
  { type: 'airConditioner', family: 'motor', zh: '定频空调', powerW: [500, 2600] },
  { type: 'washingMachine', family: 'motor', zh: '洗衣机', powerW: [100, 550] },
  { type: 'waterPump', family: 'motor', zh: '水泵', powerW: [120, 1500] },
  { type: 'vacuumCleaner', family: 'brushMotor', zh: '吸尘器', powerW: [450, 2100] },
  { type: 'drill', family: 'brushMotor', zh: '手电钻', powerW: [250, 1100] },
  { type: 'blender', family: 'brushMotor', zh: '榨汁机', powerW: [120, 1300] },
  { type: 'laptop', family: 'electronic', zh: '笔记本电脑', powerW: [15, 140] },
  { type: 'desktopComputer', family: 'electronic', zh: '台式电脑', powerW: [2.5, 400] },
  { type: 'television', family: 'electronic', zh: '电视机', powerW: [35, 260] },
  { type: 'phoneCharger', family: 'electronic', zh: '手机充电器', powerW: [4, 70] },
  { type: 'ledLamp', family: 'electronic', zh: 'LED 灯', powerW: [3, 60] },
  { type: 'ledPanel', family: 'electronic', zh: 'LED 面板灯', powerW: [24, 240] },
  { type: 'compactFluorescentLamp', family: 'electronic', zh: '节能灯', powerW: [5, 47] },
  { type: 'halogenLamps', family: 'electronic', zh: '卤素灯（电子变压器）', powerW: [34, 350] },
  { type: 'inverterAirConditioner', family: 'electronic', zh: '变频空调', powerW: [250, 2600] },
  { type: 'dimmedLamp', family: 'phaseCut', zh: '调光灯', powerW: [40, 600] },
  { type: 'dimmedHeater', family: 'phaseCut', zh: '可控硅调温电热器', powerW: [200, 2000] },
  { type: 'microwaveOven', family: 'microwave', zh: '微波炉', powerW: [850, 1700] },
  { type: 'eBikeCharger', family: 'charger', zh: '电动自行车充电器', powerW: [70, 650] },
  { type: 'scooterCharger', family: 'charger', zh: '滑板车充电器', powerW: [60, 250] },
  { type: 'toolCharger', family: 'charger', zh: '电动工具充电器', powerW: [40, 240] },
  { type: 'inductionHob', family: 'inductionHob', zh: '电磁炉', powerW: [300, 2300] },
  { type: 'fluorescentLamps', family: 'discharge', zh: '荧光灯（电感镇流器）', powerW: [20, 450] },
] as const satisfies readonly LoadType[];

export type LoadTypeName = (typeof loadTypes)[number]['type'];
