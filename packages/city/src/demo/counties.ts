/** Districts, cities and counties of Linfen; centres of the seats to about 2 km, WGS 84. */
export const counties = {
  yaodu: { name: '尧都区', nameEn: 'Yaodu District', longitude: 111.52, latitude: 36.09, spreadDeg: 0.045 },
  hongtong: { name: '洪洞县', nameEn: 'Hongtong County', longitude: 111.67, latitude: 36.25, spreadDeg: 0.015 },
  xiangfen: { name: '襄汾县', nameEn: 'Xiangfen County', longitude: 111.44, latitude: 35.88, spreadDeg: 0.015 },
  houma: { name: '侯马市', nameEn: 'Houma City', longitude: 111.37, latitude: 35.62, spreadDeg: 0.02 },
  huozhou: { name: '霍州市', nameEn: 'Huozhou City', longitude: 111.72, latitude: 36.57, spreadDeg: 0.015 },
  quwo: { name: '曲沃县', nameEn: 'Quwo County', longitude: 111.47, latitude: 35.64, spreadDeg: 0.012 },
  yicheng: { name: '翼城县', nameEn: 'Yicheng County', longitude: 111.72, latitude: 35.74, spreadDeg: 0.012 },
  fushan: { name: '浮山县', nameEn: 'Fushan County', longitude: 111.85, latitude: 35.97, spreadDeg: 0.01 },
  xiangning: { name: '乡宁县', nameEn: 'Xiangning County', longitude: 110.85, latitude: 35.97, spreadDeg: 0.01 },
  puxian: { name: '蒲县', nameEn: 'Puxian County', longitude: 111.1, latitude: 36.41, spreadDeg: 0.01 },
  jixian: { name: '吉县', nameEn: 'Jixian County', longitude: 110.68, latitude: 36.1, spreadDeg: 0.01 },
} as const;

export type CountyId = keyof typeof counties;
