import type { shellZh } from './shell-zh.ts';
import type { Words } from './zh.ts';

/** Words of the frame around every page: navigation, the state of the feed, what went wrong, English. */
export const shellEn: Words<typeof shellZh> = {
  product: { name: '烽燧', latin: 'Fengsui', subtitle: 'Smart fire-safety operations' },
  nav: {
    desk: 'Duty desk',
    wall: 'Wall',
    venues: 'Venues',
    accounts: 'Accounts',
    logout: 'Log out',
    skip: 'Skip to content',
    label: 'Main navigation',
  },
  language: { label: 'Language', zh: '中文', en: 'English' },
  feed: {
    loading: 'Loading',
    live: 'Live',
    delayed: 'Delayed',
    disconnected: 'Disconnected',
    age: 'data {{age}} old',
    disconnectedBar: 'Disconnected — the picture stands still since {{time}}.',
    notShown: 'Later alarms are not shown.',
    neverConnected: 'The centre cannot be reached — nothing is known yet.',
    noActs: 'The centre does not answer: acts do not get through.',
    reconnecting: 'Attempt {{attempt}}…',
    delayedBar: 'Data is delayed — last received {{age}} ago',
    retry: 'Reconnect now',
    refusal: 'Refused by the centre: {{detail}} ({{code}})',
  },
  problem: {
    title: 'Something failed',
    unreachable: 'The centre cannot be reached. Check the network; it may be restarting, and is tried again by itself.',
    timeout: 'The centre did not answer in time. Try again; if it stays so, tell the system administrator.',
    centreAway:
      'No centre answers now. If one stands by it takes over within seconds; try again then. If it stays so, call the system administrator.',
    centreSilent:
      'The centre was asked and has not answered: whether it was done is not known. Look first when it is back, then repeat.',
    away: 'No centre answers now',
    retrying: 'Nothing is known here. It is tried again every 5 s (last at {{time}}) and opens by itself.',
    forbidden: 'Your role does not permit this. Ask the security administrator if you need it.',
    notFound: 'Not found. It may have been deleted, or lies outside your scope.',
    tooMany: 'Too many requests. Wait a moment and try again.',
    server: 'The centre failed inside ({{code}}). Try again, and tell the system administrator the code.',
    other: '{{detail}} ({{code}})',
    refused: {
      shelveRefused: 'Fire and P1 cannot be shelved, others for 24 h at most. ({{detail}})',
      alarmEnded: 'This alarm has ended; there is nothing left to do.',
      accountExists: 'This user name is taken.',
      invalidAccount: 'Not created: {{detail}}.',
    },
    retry: 'Try again',
    page: 'There is no such page',
    toDesk: 'Back to the duty desk',
    crash: 'The page failed; reload it. If it happens again, tell the system administrator what stands below:',
  },
};
