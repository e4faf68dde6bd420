/** A small city as CSV texts by sheet: one tower with floors, a board and people, and many smoke detectors beside it. */
export function fieldCity(deviceCount: number): Readonly<Record<string, string>> {
  const floors = Array.from({ length: 4 }, (_, i) => `F${i + 1},TOWER,floor,${i + 1} 层,B1,`);
  const rooms = [
    'R11,TOWER,room,配电间,F1,plantRoom',
    'R21,TOWER,room,厨房,F2,kitchen',
    'R31,TOWER,room,宿舍 301,F3,dormitory',
  ];
  const smoke = Array.from(
    { length: deviceCount },
    (_, i) =>
      `SM-${String(i).padStart(5, '0')},generic-smoke,${i % 2 === 0 ? 'TOWER' : 'MALL'},F${(i % 4) + 1},${i % 4 === 0 ? `走廊 ${i}` : ''}`,
  );
  return {
    venues: [
      'id,name,nameEn,class,address',
      'TOWER,平阳大厦,Pingyang Tower,keyUnit,鼓楼南街 18 号',
      'MALL,滨河商场,Riverside Mall,enterprise,滨河路 2 号',
    ].join('\n'),
    contacts: [
      'id,venueId,name,role,phone,rank',
      'C1,TOWER,王建国,manager,13800000001,2',
      'C2,TOWER,李晓,duty,13800000002,1',
    ].join('\n'),
    areas: ['id,venueId,kind,name,parentId,use', 'B1,TOWER,building,主楼,,', ...floors, ...rooms].join('\n'),
    devices: [
      'id,model,venueId,areaId,name',
      'EL-1,generic-terminal,TOWER,R11,一层总配电',
      ...smoke.map((row) => (row.includes(',MALL,') ? row.replace(/,F\d,/, ',,') : row)),
    ].join('\n'),
    circuits: [
      'deviceId,prefix,name,areaId,ratedA,insulation,crossSectionMm2,installationMethod,loadedConductors,probe,protectedClass',
      'EL-1,c1,厨房插座,R21,16,PVC,2.5,B1,2,t1,none',
      'EL-1,c2,消防泵,,63,XLPE,16,C,3,,firePump',
    ].join('\n'),
  };
}
