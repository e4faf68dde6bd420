import type { QrPath } from '@fengsui/protocol';

/** A QR code with the four white modules around it that readers need (ISO/IEC 18004). */
export function QrFigure({ qr, label }: { readonly qr: QrPath; readonly label: string }) {
  return (
    <figure className="qr">
      <svg
        viewBox={`-4 -4 ${qr.size + 8} ${qr.size + 8}`}
        role="img"
        aria-label={label}
        shapeRendering="crispEdges"
        data-testid="qr"
      >
        <rect x="-4" y="-4" width={qr.size + 8} height={qr.size + 8} fill="#fff" />
        <path d={qr.path} fill="#000" />
      </svg>
      <figcaption className="muted">{label}</figcaption>
    </figure>
  );
}
