import { writeXlsx } from '@fengsui/centre';

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Sheet → rows of cells, the heading first. */
export type CityRows = Record<string, string[][]>;

/** A city as an integrator brings it: per venue a contact, two areas, a terminal with a circuit, a gateway and detectors. */
export function cityRows(venueCount: number, devicesPerVenue: number): CityRows {
  const rows: CityRows = {
    场所: [['编号', '名称', '类别', '地址', '经度', '纬度']],
    联系人: [['场所编号', '姓名', '职责', '电话', '呼叫顺序']],
    areas: [['id', 'venueId', 'kind', 'name', 'parentId']],
    设备: [['编号', '型号', '场所编号', '区域编号', '名称', '网关编号']],
    circuits: [
      [
        'deviceId',
        'prefix',
        'areaId',
        'name',
        'ratedA',
        'insulation',
        'crossSectionMm2',
        'installationMethod',
        'loadedConductors',
        'probe',
        'protectedClass',
      ],
    ],
  };
  const classes = ['九小场所', '学校', '医院', '办公楼', '重点单位', 'enterprise'];
  for (let v = 1; v <= venueCount; v++) {
    const venue = `V${v}`;
    rows['场所']?.push([
      venue,
      `场所 ${v}`,
      classes[v % 6] ?? '',
      `人民路 ${v} 号`,
      String(120 + v / 1000),
      String(30 + v / 1000),
    ]);
    rows['联系人']?.push([venue, `联系人${v}`, '管理人', `0571-8${String(v).padStart(7, '0')}`, '1']);
    rows['areas']?.push(
      [`${venue}-F1`, venue, 'floor', '一层', ''],
      [`${venue}-R1`, venue, 'room', '大厅', `${venue}-F1`],
    );
    for (let d = 1; d <= devicesPerVenue; d++) {
      const model = d === 1 ? 'generic-terminal' : d === 2 ? 'generic-gateway' : 'generic-smoke';
      rows['设备']?.push([`${venue}-D${d}`, model, venue, `${venue}-R1`, `设备 ${d}`, d > 2 ? `${venue}-D2` : '']);
    }
    rows['circuits']?.push([
      `${venue}-D1`,
      'c1',
      `${venue}-R1`,
      '照明',
      '16',
      'PVC',
      '2.5',
      'B1',
      '2',
      't1',
      v % 7 === 0 ? '冷藏' : 'none',
    ]);
  }
  return rows;
}

export const workbookOf = (rows: CityRows): Buffer =>
  writeXlsx(
    Object.entries(rows).map(([name, sheet]) => ({
      name,
      rows: sheet.map((cells, index) => ({ number: index + 1, cells })),
    })),
  );
