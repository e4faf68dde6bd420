import type { RuleDraft, RuleVersion } from '@fengsui/protocol';
import { queryOptions } from '@tanstack/react-query';
import { get, post } from '../api/request.ts';
import type { Page } from '../api/resources.ts';

const versionPath = ({ id, version }: Pick<RuleVersion, 'id' | 'version'>): string =>
  `/rules/${encodeURIComponent(id)}/versions/${version}`;

export const ruleApi = {
  draft: (id: string, draft: RuleDraft) => post<RuleVersion>(`/rules/${encodeURIComponent(id)}/versions`, draft),
  try: (version: RuleVersion, days: number) => post<RuleVersion>(`${versionPath(version)}/trial`, { days }),
  review: (version: RuleVersion, note: string) =>
    post<RuleVersion>(`${versionPath(version)}/review`, note === '' ? {} : { note }),
  switchOn: (version: RuleVersion) => post<RuleVersion>(`${versionPath(version)}/on`, {}),
  retire: (version: RuleVersion, reason: string) => post<RuleVersion>(`${versionPath(version)}/retire`, { reason }),
} as const;

export const ruleQueries = {
  all: () =>
    queryOptions({
      queryKey: ['rules'],
      queryFn: async ({ signal }) => (await get<Page<RuleVersion>>('/rules', {}, signal)).items,
      // A trial tells how far it is.
      refetchInterval: ({ state }) =>
        state.data?.some(({ running }) => running !== undefined) === true ? 1_000 : 15_000,
    }),
} as const;
