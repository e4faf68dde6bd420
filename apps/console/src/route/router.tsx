import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { isLeaveOwed, payLeave } from '../account/owed-leave.ts';
import { queries } from '../api/queries.ts';
import { isProblem } from '../api/problem.ts';
import { setCsrfToken } from '../api/request.ts';
import { CrashPage, MissingPage, PendingPage } from '../shell/fallback-pages.tsx';
import { startPageOf } from '../shell/navigation.ts';
import { parseSearch, stringifySearch, type Search } from './search-text.ts';

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  validateSearch: (search: Record<string, unknown>): Search =>
    Object.fromEntries(
      Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  notFoundComponent: MissingPage,
});

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  component: lazyRouteComponent(() => import('../account/login-page.tsx'), 'LoginPage'),
});

const founder = createRoute({
  getParentRoute: () => root,
  path: '/founder',
  component: lazyRouteComponent(() => import('../account/founder-page.tsx'), 'FounderPage'),
});

const wallLink = createRoute({
  getParentRoute: () => root,
  path: '/wall-link',
  component: lazyRouteComponent(() => import('../account/wall-link-page.tsx'), 'WallLinkPage'),
});

/** Where the OpenID Connect provider sends the browser back to. */
const openId = createRoute({
  getParentRoute: () => root,
  path: '/open-id',
  component: lazyRouteComponent(() => import('../account/open-id-page.tsx'), 'OpenIdPage'),
});

/** A log-in that may do nothing but change its password does it here. */
const owedPassword = createRoute({
  getParentRoute: () => root,
  path: '/new-password',
  component: lazyRouteComponent(() => import('../account/owed-step-page.tsx'), 'OwedPasswordPage'),
});

/** A log-in that may do nothing before its account has a second factor sets it up here. */
const owedFactor = createRoute({
  getParentRoute: () => root,
  path: '/new-second-factor',
  component: lazyRouteComponent(() => import('../account/owed-step-page.tsx'), 'OwedFactorPage'),
});

const owedPages = { newPassword: '/new-password', secondFactor: '/new-second-factor' } as const;

/** Everything behind the log-in. Without a session: to the log-in, and back afterwards. */
const seat = createRoute({
  getParentRoute: () => root,
  id: 'seat',
  beforeLoad: async ({ context, location }) => {
    try {
      if (isLeaveOwed()) await payLeave();
      const session = await context.queryClient.ensureQueryData(queries.session());
      setCsrfToken(session.csrfToken);
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to redirect
      if (session.owes !== undefined) throw redirect({ to: owedPages[session.owes] });
    } catch (error) {
      if (!isProblem(error, 401)) throw error;
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to redirect
      throw redirect({ to: '/login', search: location.href === '/' ? {} : { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import('../shell/seat.tsx'), 'Seat'),
});

const index = createRoute({
  getParentRoute: () => seat,
  path: '/',
  beforeLoad: async ({ context }) => {
    const { permissions } = await context.queryClient.ensureQueryData(queries.session());
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to redirect
    throw redirect({ to: startPageOf(permissions) });
  },
});

const wall = createRoute({
  getParentRoute: () => seat,
  path: '/wall',
  component: lazyRouteComponent(() => import('../wall/wall-page.tsx'), 'WallPage'),
});

const shell = createRoute({
  getParentRoute: () => seat,
  id: 'shell',
  component: lazyRouteComponent(() => import('../shell/app-shell.tsx'), 'AppShell'),
});

const desk = createRoute({
  getParentRoute: () => shell,
  path: '/desk',
  // Whoever may see no alarm begins where he may see something.
  beforeLoad: async ({ context }) => {
    const { permissions } = await context.queryClient.ensureQueryData(queries.session());
    const start = startPageOf(permissions);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's own way to redirect
    if (start !== '/desk') throw redirect({ to: start });
  },
  component: lazyRouteComponent(() => import('../desk/desk-page.tsx'), 'DeskPage'),
});

const venues = createRoute({
  getParentRoute: () => shell,
  path: '/venues',
  component: lazyRouteComponent(() => import('../venue/venue-list-page.tsx'), 'VenueListPage'),
});

const venue = createRoute({
  getParentRoute: () => shell,
  path: '/venues/$venueId',
  component: lazyRouteComponent(() => import('../venue/venue-page.tsx'), 'VenuePage'),
});

const device = createRoute({
  getParentRoute: () => shell,
  path: '/devices/$deviceId',
  component: lazyRouteComponent(() => import('../device/device-page.tsx'), 'DevicePage'),
});

const capture = createRoute({
  getParentRoute: () => shell,
  path: '/captures/$captureId',
  component: lazyRouteComponent(() => import('../capture/capture-page.tsx'), 'CapturePage'),
});

const accounts = createRoute({
  getParentRoute: () => shell,
  path: '/accounts',
  component: lazyRouteComponent(() => import('../account/accounts-page.tsx'), 'AccountsPage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  component: lazyRouteComponent(() => import('../audit/audit-page.tsx'), 'AuditPage'),
});

const ownAccount = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('../account/own-account-page.tsx'), 'OwnAccountPage'),
});

const devices = createRoute({
  getParentRoute: () => shell,
  path: '/devices',
  component: lazyRouteComponent(() => import('../registry/device-list-page.tsx'), 'DeviceListPage'),
});

const areas = createRoute({
  getParentRoute: () => shell,
  path: '/areas',
  component: lazyRouteComponent(() => import('../registry/areas-page.tsx'), 'AreasPage'),
});

const blindSpots = createRoute({
  getParentRoute: () => shell,
  path: '/blind-spots',
  component: lazyRouteComponent(() => import('../registry/blind-spots-page.tsx'), 'BlindSpotsPage'),
});

const rules = createRoute({
  getParentRoute: () => shell,
  path: '/rules',
  component: lazyRouteComponent(() => import('../rules/rules-page.tsx'), 'RulesPage'),
});

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  component: lazyRouteComponent(() => import('../incident/incidents-page.tsx'), 'IncidentsPage'),
});

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$incidentId',
  component: lazyRouteComponent(() => import('../incident/incident-page.tsx'), 'IncidentPage'),
});

const isolations = createRoute({
  getParentRoute: () => shell,
  path: '/isolations',
  component: lazyRouteComponent(() => import('../isolation/isolations-page.tsx'), 'IsolationsPage'),
});

const importing = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  component: lazyRouteComponent(() => import('../registry/import-page.tsx'), 'ImportPage'),
});

const commissioning = createRoute({
  getParentRoute: () => shell,
  path: '/commissioning',
  component: lazyRouteComponent(() => import('../commissioning/board-page.tsx'), 'BoardPage'),
});

const venueCommissioning = createRoute({
  getParentRoute: () => shell,
  path: '/commissioning/$venueId',
  component: lazyRouteComponent(
    () => import('../commissioning/venue-commissioning-page.tsx'),
    'VenueCommissioningPage',
  ),
});

const workOrders = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders',
  component: lazyRouteComponent(() => import('../work/work-page.tsx'), 'WorkPage'),
});

const workOrder = createRoute({
  getParentRoute: () => shell,
  path: '/work-orders/$orderId',
  component: lazyRouteComponent(() => import('../work/work-order-page.tsx'), 'WorkOrderPage'),
});

const foreign = createRoute({
  getParentRoute: () => shell,
  path: '/foreign',
  component: lazyRouteComponent(() => import('../foreign/foreign-page.tsx'), 'ForeignPage'),
});

const relays = createRoute({
  getParentRoute: () => shell,
  path: '/relays',
  component: lazyRouteComponent(() => import('../relay/relay-page.tsx'), 'RelayPage'),
});

const dutyRounds = createRoute({
  getParentRoute: () => shell,
  path: '/duty-rounds',
  component: lazyRouteComponent(() => import('../facility/duty-round-page.tsx'), 'DutyRoundPage'),
});

const factoryPage = createRoute({
  getParentRoute: () => shell,
  path: '/factory',
  component: lazyRouteComponent(() => import('../factory/factory-page.tsx'), 'FactoryPage'),
});

const factoryBatch = createRoute({
  getParentRoute: () => shell,
  path: '/factory/$batchId',
  component: lazyRouteComponent(() => import('../factory/batch-page.tsx'), 'BatchPage'),
});

const rollouts = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts',
  component: lazyRouteComponent(() => import('../rollout/rollouts-page.tsx'), 'RolloutsPage'),
});

const rollout = createRoute({
  getParentRoute: () => shell,
  path: '/rollouts/$rolloutId',
  component: lazyRouteComponent(() => import('../rollout/rollout-page.tsx'), 'RolloutPage'),
});

/** Pages under the head. A room adds its route here, and its line to shell/navigation.ts. */
const inShell = [
  commissioning,
  venueCommissioning,
  desk,
  incidents,
  incident,
  workOrders,
  workOrder,
  venues,
  venue,
  devices,
  device,
  areas,
  blindSpots,
  isolations,
  rules,
  importing,
  factoryPage,
  factoryBatch,
  capture,
  accounts,
  audit,
  ownAccount,
  foreign,
  rollouts,
  rollout,
  relays,
  dutyRounds,
] as const;

const routeTree = root.addChildren([
  login,
  founder,
  wallLink,
  openId,
  owedPassword,
  owedFactor,
  seat.addChildren([index, wall, shell.addChildren(inShell)]),
]);

/** The console's pages. Every page holds its state in its URL. */
export function createConsoleRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    // A capture's id is {deviceId}:{captureId}; the colon may stand in a path as it is.
    pathParamsAllowedCharacters: [':'],
    defaultPreload: false,
    defaultErrorComponent: CrashPage,
    defaultPendingComponent: PendingPage,
    defaultNotFoundComponent: MissingPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
