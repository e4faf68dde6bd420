import './style/tokens.css';
import './style/base.css';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { isProblem } from './api/problem.ts';
import { queries } from './api/queries.ts';
import { startLanguage } from './locale/i18n.ts';
import { createConsoleRouter } from './route/router.tsx';

let isLeaving = false;

/** A session that ended shows in any answer: back to the log-in, which returns here. */
function onError(error: unknown): void {
  const { pathname, href } = router.state.location;
  // Several questions fail at once; the first one still knows whose session it was.
  if (!isProblem(error, 401) || isLeaving || pathname === '/login' || pathname === '/founder') return;
  isLeaving = true;
  const wasFounder = queryClient.getQueryData(queries.session().queryKey)?.role === 'founder';
  queryClient.clear();
  void router
    .navigate({ to: '/login', search: wasFounder ? { ended: 'founder' } : { next: href, ended: '1' } })
    .finally(() => (isLeaving = false));
}

const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal does not get better by asking again; no answer may.
      retry: (failures, error) => failures < 2 && isProblem(error) && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: false,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const router = createConsoleRouter(queryClient);

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no element #root');
await startLanguage();
createRoot(element).render(
  <QueryClientProvider client={queryClient}>
    <RouterProvider router={router} />
  </QueryClientProvider>,
);
