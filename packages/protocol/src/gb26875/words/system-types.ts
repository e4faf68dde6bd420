import { words } from './word.ts';

/** System types 系统类型, Table 4. 2–9 and 25–127 are reserved, 128–255 user-defined. */
export const gbSystemTypes = words(
  [0, '通用', 'general'],
  [1, '火灾报警系统', 'fire alarm system'],
  [10, '消防联动控制器', 'linkage controller'],
  [11, '消火栓系统', 'hydrant system'],
  [12, '自动喷水灭火系统', 'sprinkler system'],
  [13, '气体灭火系统', 'gas extinguishing system'],
  [14, '水喷雾灭火系统(泵启动方式)', 'water spray system, started by pump'],
  [15, '水喷雾灭火系统(压力容器启动方式)', 'water spray system, started by pressure vessel'],
  [16, '泡沫灭火系统', 'foam extinguishing system'],
  [17, '干粉灭火系统', 'powder extinguishing system'],
  [18, '防烟排烟系统', 'smoke control system'],
  [19, '防火门及卷帘系统', 'fire doors and shutters'],
  [20, '消防电梯', 'fire lift'],
  [21, '消防应急广播', 'emergency broadcast'],
  [22, '消防应急照明和疏散指示系统', 'emergency lighting and escape signs'],
  [23, '消防电源', 'fire power supply'],
  [24, '消防电话', 'fire telephone'],
);
