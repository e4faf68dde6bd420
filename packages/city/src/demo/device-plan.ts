import type { VenueClass } from '@fengsui/protocol';
import type { CircuitUse } from './circuit-use.ts';

type Place = readonly [name: string, nameEn: string];
type BoardPlace = readonly [name: string, nameEn: string, ...uses: CircuitUse[]];

/** Where the devices of a venue of a class are. The counts add up to 400 over the 40 venues. */
export type DevicePlan = {
  readonly boards: readonly BoardPlace[];
  readonly smoke: readonly Place[];
  readonly heat: readonly Place[];
  readonly gas: readonly Place[];
};

export const devicePlans: Record<VenueClass, DevicePlan> = {
  keyUnit: {
    boards: [
      ['一层配电间', 'Ground floor switch room', 'coldStore', 'sockets', 'lighting'],
      ['二层配电箱', 'First floor board', 'lighting', 'sockets', 'airConditioning'],
      ['厨房配电箱', 'Kitchen board', 'kitchen', 'coldStore'],
      ['机房配电箱', 'Server room board', 'serverRoom', 'airConditioning'],
      ['停车场配电箱', 'Car park board', 'lighting', 'chargingShed'],
    ],
    smoke: [
      ['一层大厅', 'Ground floor hall'],
      ['二层走廊', 'First floor corridor'],
      ['三层走廊', 'Second floor corridor'],
      ['库房', 'Store room'],
      ['机房', 'Server room'],
      ['办公区', 'Office area'],
    ],
    heat: [['停车场', 'Car park']],
    gas: [
      ['厨房', 'Kitchen'],
      ['锅炉房', 'Boiler room'],
    ],
  },
  nineSmall: {
    boards: [
      ['前厅配电箱', 'Front room board', 'sockets', 'coldStore'],
      ['后间配电箱', 'Back room board', 'kitchen', 'lighting'],
    ],
    smoke: [
      ['前厅', 'Front room'],
      ['阁楼', 'Loft'],
    ],
    heat: [['后间', 'Back room']],
    gas: [['灶间', 'Cooking corner']],
  },
  enterprise: {
    boards: [
      ['一车间配电柜', 'Workshop 1 cabinet', 'machinery', 'coldStore', 'lighting'],
      ['二车间配电柜', 'Workshop 2 cabinet', 'machinery', 'machinery', 'lighting'],
      ['仓库配电箱', 'Warehouse board', 'lighting', 'coldStore'],
      ['办公楼配电箱', 'Office board', 'sockets', 'airConditioning', 'lighting'],
      ['车棚配电箱', 'Bicycle shed board', 'chargingShed', 'lighting'],
    ],
    smoke: [
      ['仓库东区', 'Warehouse east'],
      ['仓库西区', 'Warehouse west'],
      ['办公楼', 'Office building'],
      ['宿舍', 'Dormitory'],
    ],
    heat: [
      ['一车间', 'Workshop 1'],
      ['二车间', 'Workshop 2'],
    ],
    gas: [['食堂', 'Canteen']],
  },
  school: {
    boards: [
      ['教学楼配电间', 'Classroom building switch room', 'sockets', 'coldStore', 'lighting'],
      ['食堂配电箱', 'Canteen board', 'kitchen', 'coldStore'],
      ['宿舍配电箱', 'Dormitory board', 'sockets', 'lighting', 'chargingShed'],
    ],
    smoke: [
      ['教学楼一层', 'Classrooms, ground floor'],
      ['教学楼二层', 'Classrooms, first floor'],
      ['教学楼三层', 'Classrooms, second floor'],
      ['图书室', 'Library'],
      ['宿舍一层', 'Dormitory, ground floor'],
      ['宿舍二层', 'Dormitory, first floor'],
      ['体育馆', 'Sports hall'],
      ['器材室', 'Equipment room'],
    ],
    heat: [['锅炉房', 'Boiler room']],
    gas: [
      ['食堂灶间', 'Canteen kitchen'],
      ['实验室', 'Laboratory'],
    ],
  },
  hospital: {
    boards: [
      ['门诊配电间', 'Outpatient switch room', 'medical', 'coldStore', 'lighting'],
      ['住院部配电间', 'Ward switch room', 'medical', 'lighting', 'airConditioning'],
      ['影像科配电箱', 'Imaging board', 'medical', 'serverRoom'],
      ['食堂配电箱', 'Canteen board', 'kitchen', 'coldStore'],
      ['药库配电箱', 'Pharmacy store board', 'coldStore', 'lighting'],
    ],
    smoke: [
      ['门诊大厅', 'Outpatient hall'],
      ['药房', 'Pharmacy'],
      ['药库', 'Pharmacy store'],
      ['住院部一层', 'Ward, ground floor'],
      ['住院部二层', 'Ward, first floor'],
      ['住院部三层', 'Ward, second floor'],
      ['影像科', 'Imaging'],
      ['档案室', 'Archive'],
    ],
    heat: [['洗衣房', 'Laundry']],
    gas: [
      ['食堂', 'Canteen'],
      ['锅炉房', 'Boiler room'],
    ],
  },
  office: {
    boards: [
      ['一层配电间', 'Ground floor switch room', 'sockets', 'coldStore', 'airConditioning'],
      ['机房配电箱', 'Server room board', 'serverRoom', 'lighting'],
    ],
    smoke: [
      ['大厅', 'Lobby'],
      ['办公区', 'Open office'],
      ['会议区', 'Meeting rooms'],
      ['档案室', 'Archive'],
    ],
    heat: [['地下车库', 'Basement garage']],
    gas: [],
  },
};
