/** The part of a recording on the screen, in the unit of its x axis. */
export type ViewWindow = { readonly from: number; readonly to: number };

/**
 * Zooms by `factor` (< 1 zooms in) around `at`, which keeps its place on the screen. Never beyond `whole`, never below
 * `least` wide.
 */
export function zoomWindow(
  window: ViewWindow,
  at: number,
  factor: number,
  whole: ViewWindow,
  least: number,
): ViewWindow {
  const full = whole.to - whole.from;
  const width = Math.min(full, Math.max(Math.min(least, full), (window.to - window.from) * factor));
  const share = (at - window.from) / (window.to - window.from);
  const from = Math.min(whole.to - width, Math.max(whole.from, at - share * width));
  return { from, to: from + width };
}

/** Moves the window so that `at` is inside, by as little as possible; the same object when it is. */
export function windowAround(window: ViewWindow, at: number, whole: ViewWindow): ViewWindow {
  if (at >= window.from && at <= window.to) return window;
  const width = window.to - window.from;
  const wanted = at < window.from ? at - width * 0.1 : at - width * 0.9;
  const from = Math.min(whole.to - width, Math.max(whole.from, wanted));
  return { from, to: from + width };
}
