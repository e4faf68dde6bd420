import { soundPatterns, type SoundPattern } from './sound-patterns.ts';
import type { WantedSound } from './wanted-sound.ts';

const FULL_GAIN = 0.9;
/** Of a simulation, a drill or a replay. */
const PRACTICE_GAIN = 0.25;
const RAMP_S = 0.01;

/** Plays one pattern again and again. A browser keeps it silent until somebody has clicked: `isAllowed`. */
export class SoundPlayer {
  readonly #context: AudioContext;
  #playing: WantedSound | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #output: GainNode | undefined;

  constructor(context: AudioContext) {
    this.#context = context;
  }

  get isAllowed(): boolean {
    return this.#context.state === 'running';
  }

  onAllowedChange(listener: () => void): () => void {
    this.#context.addEventListener('statechange', listener);
    return () => this.#context.removeEventListener('statechange', listener);
  }

  /** Only from a click or a key: then the browser lets it sound. */
  async allow(): Promise<void> {
    await this.#context.resume();
  }

  /** Plays a pattern one time. */
  once(pattern: keyof typeof soundPatterns): void {
    this.#sound(soundPatterns[pattern], this.#newOutput(FULL_GAIN));
  }

  /** Goes on with what it plays when that is the same. */
  play(wanted: WantedSound | undefined): void {
    const now = this.#playing;
    if (now?.sound === wanted?.sound && now?.isReal === wanted?.isReal) return;
    this.#stop();
    this.#playing = wanted;
    if (wanted === undefined) return;
    const output = this.#newOutput(wanted.isReal ? FULL_GAIN : PRACTICE_GAIN);
    this.#output = output;
    const pattern = soundPatterns[wanted.sound];
    const again = (): void => {
      this.#sound(pattern, output);
      this.#timer = setTimeout(again, pattern.everyS * 1_000);
    };
    again();
  }

  close(): void {
    this.#stop();
    void this.#context.close();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#playing = undefined;
    this.#output?.disconnect();
    this.#output = undefined;
  }

  #newOutput(gain: number): GainNode {
    const output = this.#context.createGain();
    output.gain.value = gain;
    output.connect(this.#context.destination);
    return output;
  }

  #sound({ tones }: SoundPattern, output: AudioNode): void {
    const begin = this.#context.currentTime;
    for (const { hz, startS, lengthS } of tones) {
      const oscillator = this.#context.createOscillator();
      oscillator.type = 'square';
      oscillator.frequency.value = hz;
      const envelope = this.#context.createGain();
      // A step in the signal would click.
      envelope.gain.setValueAtTime(0, begin + startS);
      envelope.gain.linearRampToValueAtTime(0.5, begin + startS + RAMP_S);
      envelope.gain.setValueAtTime(0.5, begin + startS + lengthS - RAMP_S);
      envelope.gain.linearRampToValueAtTime(0, begin + startS + lengthS);
      oscillator.connect(envelope).connect(output);
      oscillator.start(begin + startS);
      oscillator.stop(begin + startS + lengthS);
    }
  }
}
