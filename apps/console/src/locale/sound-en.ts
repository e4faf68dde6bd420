import type { soundZh } from './sound-zh.ts';
import type { Words } from './zh.ts';

/** Words of the sound of a seat, English. */
export const soundEn: Words<typeof soundZh> = {
  sound: {
    mute: 'This seat is silent',
    untried: 'Sound not tried',
    notHeard: 'Not heard: somebody else must listen',
    notHeardWhy: 'Look at volume, loudspeaker and headset, and try again.',
    try: 'Try it',
    tryAgain: 'Try again',
    heard: 'I heard it',
    heardNothing: 'I heard nothing',
    ready: 'Sound tried',
    of: {
      fire: 'Sounding: fire',
      feedLost: 'Sounding: cut off',
      urgent: 'Sounding: alarm',
      notice: 'Sounding: notice',
    },
    silence: 'Silence',
    silenceWhy:
      'For 2 min. Another alarm, or a worse one, sounds all the same; what is not acknowledged then sounds again.',
    silenced: 'Silenced {{left}}',
    nobody:
      'Nobody has heard the sound of any seat: of those open ({{n}}) none was tried, or none sounds. Try it in the head of the page.',
    seats: 'Sound of the seats',
    seatsOf: 'heard {{heard}} / open {{all}}',
    noSeats: 'No seat is open now: an alarm would sound at none.',
    sinceWhen: 'since {{time}}',
    seat: { tried: 'Tried and heard', untried: 'Not tried', none: 'Silent' },
    todo: {
      untried: 'press "Try it" in the head of the page at that seat, and say that it was heard',
      none: 'look at volume, loudspeaker, headset and browser; until then somebody else must listen',
    },
  },
};
