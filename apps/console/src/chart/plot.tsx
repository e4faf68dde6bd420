import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { useEffect, useEffectEvent, useRef } from 'react';
import uPlot from 'uplot';

export type PlotProps = {
  /** A new object builds the plot anew; keep it (useMemo) while only data changes. */
  readonly options: Omit<uPlot.Options, 'width' | 'height'>;
  readonly data: uPlot.AlignedData;
  readonly height: number;
  readonly label: string;
  /** Called with every new plot, to reach it for redraws. */
  readonly onPlot?: (plot: uPlot | undefined) => void;
};

/** uPlot in React: built once per options, fed with data, as wide as its place. */
export function Plot({ options, data, height, label, onPlot }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const initial = useEffectEvent(() => data);
  const announce = useEffectEvent((built: uPlot | undefined) => onPlot?.(built));

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const built = new uPlot({ ...options, width: Math.max(50, element.clientWidth), height }, initial(), element);
    plot.current = built;
    announce(built);
    const observer = new ResizeObserver(() => built.setSize({ width: Math.max(50, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      announce(undefined);
      built.destroy();
      plot.current = undefined;
    };
  }, [options, height]);

  useEffect(() => plot.current?.setData(data), [data]);

  return <div ref={place} className="plot" role="img" aria-label={label} style={{ height }} />;
}
