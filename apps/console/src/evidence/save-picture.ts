const drawn = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linejoin',
  'text-anchor',
  'font-size',
  'font-family',
];
const scale = 2;

/**
 * Saves the drawings of an element, side by side, as one PNG at twice their size on screen. A drawing that leaves the page
 * loses its style sheet, so what the styles say is written into each of its elements.
 */
export async function savePicture(fileName: string, element: HTMLElement): Promise<void> {
  const drawings = [...element.querySelectorAll('svg')].map((svg) => ({ svg, box: svg.getBoundingClientRect() }));
  const canvas = document.createElement('canvas');
  canvas.width = scale * drawings.reduce((sum, { box }) => sum + box.width, 0);
  canvas.height = scale * Math.max(...drawings.map(({ box }) => box.height));
  const context = canvas.getContext('2d');
  if (context === null || drawings.length === 0) return;
  context.fillStyle = getComputedStyle(element).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  let left = 0;
  for (const { svg, box } of drawings) {
    const image = await imageOf(svg, box);
    context.drawImage(image, left, 0, scale * box.width, scale * box.height);
    left += scale * box.width;
  }
  const link = document.createElement('a');
  link.href = canvas.toDataURL('image/png');
  link.download = fileName;
  link.click();
}

async function imageOf(svg: SVGSVGElement, box: DOMRect): Promise<HTMLImageElement> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  const copies = [copy, ...copy.querySelectorAll('*')];
  for (const [index, original] of originals.entries()) {
    const style = getComputedStyle(original);
    // As attributes of the drawing: an inline style is refused by the policy of the page.
    copies[index]?.removeAttribute('style');
    for (const name of drawn) copies[index]?.setAttribute(name, style.getPropertyValue(name));
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(scale * box.width));
  copy.setAttribute('height', String(scale * box.height));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}
