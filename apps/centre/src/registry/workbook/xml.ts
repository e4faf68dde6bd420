/** A piece of XML: names without their namespace prefix, attributes too. */
export type XmlPiece =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string; readonly isEmpty: boolean }
  | { readonly kind: 'close'; readonly name: string }
  | { readonly kind: 'text'; readonly text: string };

const PIECE =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([^\s/>]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>|([^<]+)/g;

/**
 * The pieces of an XML text, in order. As much XML as spreadsheets write: entities are the five of XML and numbers;
 * document types are passed over, so that nothing is ever expanded.
 */
export function* xmlPieces(xml: string): Generator<XmlPiece> {
  for (const [, cdata, slash, name, attributes = '', empty, text] of xml.matchAll(PIECE)) {
    if (text !== undefined) yield { kind: 'text', text: decodeEntities(text) };
    else if (cdata !== undefined) yield { kind: 'text', text: cdata };
    else if (name === undefined) continue;
    else if (slash === '/') yield { kind: 'close', name: localName(name) };
    else yield { kind: 'open', name: localName(name), attributes, isEmpty: empty === '/' };
  }
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** `attributeOf(' r="B2" t="s"', 't')` → `s`; the name may carry a prefix (`r:id` → `id`). */
export function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name = '', double, single] of attributes.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (name === wanted || localName(name) === wanted) return decodeEntities(double ?? single ?? '');
  }
  return undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\uFFFD';
  });
}

/** Text for an element or attribute; control characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()

    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
