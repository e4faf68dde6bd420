import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CapAlert, CapInfo } from './cap-alert.ts';
import { capInstant, formatCap } from './format-cap.ts';

const SENT_AT = Date.UTC(2026, 10, 23, 18, 4, 5, 678);
const info: CapInfo = {
  language: 'zh-CN',
  category: 'Fire',
  event: '火警',
  urgency: 'Immediate',
  severity: 'Severe',
  certainty: 'Observed',
  onsetAt: SENT_AT - 60_000,
  headline: '厨房 <2 层> 感烟报警 & 现场确认',
  parameters: [['storeys', '6']],
  area: { description: '人民路 1 号', circle: { latitude: 37.87, longitude: 112.55, radiusKm: 0 } },
};
const fire: CapAlert = {
  identifier: 'i-7f3a.1',
  sender: 'fengsui.centre-1',
  sentAt: SENT_AT,
  status: 'Actual',
  messageType: 'Alert',
  scope: { kind: 'Restricted', restriction: '消防救援指挥中心' },
  incidents: ['i-7f3a'],
  infos: [info],
};

test('a message has the elements of CAP 1.2, section 3.2, in their order', () => {
  assert.equal(
    formatCap(fire, 480),
    `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>i-7f3a.1</identifier>
<sender>fengsui.centre-1</sender>
<sent>2026-11-24T02:04:05+08:00</sent>
<status>Actual</status>
<msgType>Alert</msgType>
<scope>Restricted</scope>
<restriction>消防救援指挥中心</restriction>
<incidents>i-7f3a</incidents>
<info>
<language>zh-CN</language>
<category>Fire</category>
<event>火警</event>
<urgency>Immediate</urgency>
<severity>Severe</severity>
<certainty>Observed</certainty>
<onset>2026-11-24T02:03:05+08:00</onset>
<headline>厨房 &lt;2 层&gt; 感烟报警 &amp; 现场确认</headline>
<parameter>
<valueName>storeys</valueName>
<value>6</value>
</parameter>
<area>
<areaDesc>人民路 1 号</areaDesc>
<circle>37.87,112.55 0</circle>
</area>
</info>
</alert>
`,
  );
});

test('an update names the message before it; addresses with spaces stand in quotes', () => {
  const before = { identifier: 'i-7f3a.1', sender: 'fengsui.centre-1', sentAt: SENT_AT };
  const xml = formatCap(
    {
      ...fire,
      identifier: 'i-7f3a.2',
      messageType: 'Update',
      scope: { kind: 'Private', addresses: ['119', 'command "A" 2'] },
      references: [before],
    },
    0,
  );
  assert.match(xml, /<references>fengsui\.centre-1,i-7f3a\.1,2026-11-23T18:04:05-00:00<\/references>/);
  assert.match(xml, /<addresses>119 "command 'A' 2"<\/addresses>/);
});

test('instants have an offset in digits; UTC is -00:00', () => {
  assert.equal(capInstant(SENT_AT, 0), '2026-11-23T18:04:05-00:00');
  assert.equal(capInstant(SENT_AT, -210), '2026-11-23T14:34:05-03:30');
  assert.throws(() => capInstant(SENT_AT, 0.5), /utcOffsetMinutes: expected whole minutes/);
  assert.throws(() => capInstant(SENT_AT, 1_440), RangeError);
});

test('what CAP does not allow in names, and what is no position, is refused by name', () => {
  assert.throws(
    () => formatCap({ ...fire, identifier: 'a b' }, 0),
    /identifier: expected characters other than spaces/,
  );
  assert.throws(() => formatCap({ ...fire, sender: '' }, 0), /sender: /);
  assert.throws(() => formatCap({ ...fire, incidents: ['a,b'] }, 0), /incidents: /);
  const area = { description: 'x', circle: { latitude: 91, longitude: 0, radiusKm: 0 } };
  assert.throws(() => formatCap({ ...fire, infos: [{ ...info, area }] }, 0), /area\.circle: expected a position/);
});

test('whatever a text holds, the document is well-formed and says it', () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 });
  fc.assert(
    fc.property(
      units.map((codes) => String.fromCharCode(...codes)),
      (text) => {
        const xml = formatCap({ ...fire, infos: [{ ...info, description: `.${text}.` }] }, 480);
        const [, inside = ''] = /<description>([^<]*)<\/description>/.exec(xml) ?? [];
        // XML 1.0, production 2: Char; no `&` but in a reference, no `>` that could end a CDATA section.
        assert.match(
          inside,
          /^(?:[\t\n\x20-\x25\x27-\x3b\x3d\x3f-\uD7FF\uE000-\uFFFD]|[\u{10000}-\u{10FFFF}]|&(?:amp|lt|gt|#13);)*$/u,
        );
        const back = inside
          .replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&#13;', '\r')
          .replaceAll('&amp;', '&');
        assert.equal(back.length, text.length + 2);
        for (let i = 0; i < text.length; i++)
          if (/[\t\n\r\x20-\uD7FF\uE000-\uFFFC]/.test(text[i] ?? '')) assert.equal(back[i + 1], text[i]);
      },
    ),
  );
});
