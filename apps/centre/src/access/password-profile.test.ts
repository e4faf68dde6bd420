import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordProblem, passwordProfiles, type PasswordProfileName } from './password-profile.ts';

const GOOD = '春江潮水连海平2025 moon';

type Case = readonly [password: string, expected: RegExp | undefined];

function check(name: PasswordProfileName, cases: readonly Case[]): void {
  for (const [password, expected] of cases) {
    const problem = passwordProblem(passwordProfiles[name], password, 'operator1');
    if (expected === undefined) assert.equal(problem, undefined, password);
    else assert.match(problem ?? 'accepted', expected, password);
  }
}

test('asvs: 12 to 256 characters of any script, 5 different ones, neither the name nor the first guesses', () => {
  check('asvs', [
    [GOOD, undefined],
    ['a1b2c3d4e5f6', undefined],
    ['a1b2c3d4e5f', /has 11 characters, at least 12/],
    ['🔥🌊🌲🪨🌙', /has 5 characters/],
    ['烽火台望远山河万里长城', /has 11 characters/],
    ['烽火台望远山河万里长城下', undefined],
    [`${'ab1c2'.repeat(12)}dxyw`, undefined],
    [`${'ab1c2x'.repeat(42)}dxyw`, undefined],
    ['ab1c2'.repeat(52), /has 260 characters, at most 256/],
    ['aaaabbbbccccdddd', /at least 5 different/],
    ['ABCDabcdabcd', /at least 5 different/],
    ['my name is operator1!', /contains the user name/],
    ['Fengsui is great', /contains "fengsui"/],
    ['ＦＥＮＧＳＵＩ is great', /contains "fengsui"/],
    ['平安消防二〇二五年度工作', /contains "消防"/],
    ['a xiaofang river moon', /contains "xiaofang"/],
    ['call 119 by moonlight', /contains "119"/],
    ['river1198 by moonlight', undefined],
    ['xX-12345678-Xx', /contains "12345678"/],
    ['PassWord for me', /contains "password"/],
  ]);
  assert.equal(passwordProblem(passwordProfiles.asvs, 'a quiet li river', 'li'), undefined, 'in every password');
});

test('what guessing programs put together from few words is refused in either profile, however long', () => {
  const made = /guessed first/;
  const guesses = [
    'qwertyuiop12',
    'Qwerty123456!',
    '1qaz2wsx3edc4rfv',
    'abcdefghijklm',
    'zyxwvutsrqpo',
    'abcdeabcdeabcde',
    'oceanoceanocean',
    'Iloveyou1314520',
    'W0aini5201314!',
    'Adm1n@2026-2027',
    'Welcome2026!!!',
    'letmein.letmein.1',
    '19870613197011',
    'Admin_Root-2026',
  ];
  for (const guess of guesses)
    for (const name of ['asvs', 'mlps3'] as const) {
      const problem = passwordProblem(passwordProfiles[name], guess, 'operator1');
      if (name === 'asvs') assert.match(problem ?? 'accepted', made, guess);
      else if (/[A-Z]/.test(guess)) assert.match(problem ?? 'accepted', made, guess);
    }
  check('asvs', [
    ['correct horse battery staple', undefined],
    ['Trout-lamp 58 violet', undefined],
    ['welcome to Oberammergau', undefined],
  ]);
});

test('asvs asks for no kinds of characters and no change; mlps3 for three of four kinds and a change in 90 days', () => {
  check('asvs', [['a quiet beacon stands', undefined]]);
  check('mlps3', [
    ['a quiet beacon stands', /2 of the four kinds/],
    ['aquietbeacon', /1 of the four kinds/],
    ['Gorm7 t', /has 7 characters, at least 8/],
    ['Gorm-7ut', undefined],
    ['gorm-7ut', undefined],
    ['gormfu7t', /2 of the four kinds/],
    ['GORMFu7t', undefined],
    ['灯塔山川河流湖海', /1 of the four kinds/],
    ['灯塔a山川7河流', undefined],
    ['Operator1!x', /user name/],
  ]);
  assert.equal(passwordProfiles.asvs.maxAgeMs, undefined);
  assert.equal(passwordProfiles.mlps3.maxAgeMs, 90 * 86_400_000);
});
