import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { readYaml } from '../../../src/machine/written/read-yaml.ts';

/** What is said of a text, without the name of the file. */
function complaint(text: string): string {
  try {
    readYaml(text, 'f');
  } catch (error) {
    return (error as Error).message.replaceAll(/^f:/gm, '');
  }
  return 'none';
}

const long = 'k'.repeat(1_100);
const noSpaceBeforeComment =
  'a # without a space before it begins no comment; write a space before it, or put the whole text in quotes';
const spanningKey = 'a key is written on one line; close it there, and put the colon behind it';

test.each([
  [
    'a missing comma in { }',
    'load: { shape: constant messagesPerSecond: 1000 }',
    '1:25: a comma is missing before this; between [ ] or { } items are separated by commas',
  ],
  ['before a key in quotes', '{ a: b c "d e": 1 }', /^1:10: a comma is missing before this/],
  ['in [ ]', '[a: 1 b: 2]', /^1:7: a comma is missing before this/],
  ['in [ ] of quoted texts', '["a" "b"]', /^1:6: a comma or a colon is missing before this/],
  ['behind a closed list', '[[1] [2]]', /^1:6: a comma/],
  ['over lines', 'load: {\n  shape: constant\n  rate: 1000\n}', /^3:3: a comma is missing before this/],
  ['in JSON over lines', '{"name": "x"\n"technology": "kafka"}', /^2:1: a comma is missing before this/],
  ['of numbers in JSON', '{\n  "a": 1\n  "b": 2\n}', /^3:3: a comma is missing before this/],
  ['a semicolon for a comma', '{a: 1;b: 2}', /^1:7: a comma is missing before this/],
  ['no colon in JSON', '{"a" 1}', /^1:6: a comma or a colon is missing before this/],
  ['no space after a colon in { }', '{a: [1], b :"c"}', 'none'],
  ['an open brace at the top', '{"name": "x"', '1:13: a { is not closed before here; end it with }'],
  ['an open bracket at the top', '["a"', '1:5: a [ is not closed before here; end it with ]'],
  ['a bracket closed by a brace', '[1, 2}', /^1:6: a \[ is not closed before here; end it with \]$/],
  [
    'content on the line of its marker',
    '--- name: x',
    '1:5: nothing else stands on the line of ---; begin on the line below it',
  ],
  ['a comment without a space', 'name: "x"#c', `1:10: ${noSpaceBeforeComment}`],
  ['behind a list', 'a: [1]#c', `1:7: ${noSpaceBeforeComment}`],
  ['behind |', 'a: |#c\n  x', `1:5: ${noSpaceBeforeComment}`],
  ['a lone *', 'technology: *', '1:13: a text cannot begin with *; put it in quotes'],
  ['a lone &', 'a: & b', '1:4: a text cannot begin with &; put it in quotes'],
  [
    'a lone tag',
    'a: !!',
    '1:4: what begins with ! is a tag, and this one is not known here; leave it out, or put the text in quotes',
  ],
  ['an unclosed tag', 'a: !<x y', /^1:4: what begins with ! is a tag/],
  ['a tag of another type', 'a: !!timestamp x', /^1:4: what begins with ! is a tag/],
  [
    'an anchor without a space',
    'a: &x{b: 1}',
    '1:6: a space is missing before this, behind the anchor (&) or tag (!); write one, or put a text that begins so in quotes',
  ],
  ['a list behind its anchor', '- &a - b', '1:3: a list begins on the line below its anchor (&) or tag (!)'],
  [
    'a directive alone',
    '# a\n%YAML 1.2\nname: x',
    '2:1: a line that begins with % is a directive of YAML; remove it, or put a text that begins so in quotes',
  ],
  ['a directive that is none', '%TAG a\n---\na: 1', /^1:1: a line that begins with % is a directive/],
  [
    'text behind |',
    'a: |x\n b',
    '1:5: behind | or > the line ends, and the text begins on the next; or put the text in quotes',
  ],
  ['text behind | and a space', 'a: | b\n  c', /^1:6: behind \| or > the line ends/],
  [
    'blank lines that are indented more',
    'a: |\n\n     \n  x\n',
    '4:3: a blank line above this is indented more than the text; take its spaces away',
  ],
  [
    'a text that a tab indents',
    'a: |\n\tx\n',
    '2:1: the text below | or > is indented more than its key, with spaces; indent it',
  ],
  ['a text that nothing indents', 'a: >\nb\n', /^2:1: the text below \| or > is indented more than its key/],
  ['a comma too many', '{a: 1,,}', '1:7: there is nothing before this comma; take it away'],
  ['a comma at the beginning', '[,a]', /^1:2: there is nothing before this comma/],
  [
    'an incomplete escape',
    'a: "C:\\Users"',
    '1:7: \\U is followed by the 8 hexadecimal digits of a character; write \\\\ for a backslash, or put the text in single quotes',
  ],
  ['an escape of no character', 'a: "\\U00220000"', /^1:5: \\U is followed by the 8 hexadecimal digits/],
  [
    'an apostrophe in single quotes',
    "a: 'it's'",
    "1:8: the text ended before this; within '…' an apostrophe is written twice",
  ],
  ['a quote in double quotes', 'a: "6" wide"', /^1:8: nothing can follow here/],
  [
    'a quote right behind one',
    'a: "6"x"',
    '1:7: the text ended before this; within "…" a quote is written \\"',
  ],
  [
    'an item among keys',
    'a: 1\n- b',
    '2:1: a list item stands where a key should; put the list below a key of its own, "key:"',
  ],
  ['an item in [ ]', '[- a]', /^1:2: between \[ \] or \{ \} items are separated by commas, without "-"/],
  ['a key over lines', '"a\nb": c', `1:1: ${spanningKey}`],
  ['a list over lines as key', '[a\n]: b', `1:1: ${spanningKey}`],
  ['a key of a list over lines', '["a"\n: b]', /a key is written on one line/],
  ['a comment of another language', '// c\nname: x', '1:1: a comment begins with #, not with //'],
  ['an alias for a key', 'x: &a 1\n*a: 2', /^2:1: an alias \(\*\) cannot be a key here; write it out/],
  ['less indented keys', '  a: 1\nb: 2', /^2:1: this line is indented unlike the keys before it/],
  ['less indented items', ' - a\n- b', /^2:1: this line is indented unlike the items before it/],
  [
    'an object behind an object',
    '{a: 1}\n{a: 2}',
    /^2:1: nothing can follow here, for the value before it has ended/,
  ],
  ['two documents', 'a: 1\n---\nb: 2', /^2:1: a second document begins here/],
  ['an alias of nothing', 'x: *nope', /^1:4: \*nope stands for what was named &nope before/],
  ['a tab', '\ta: b', /^1:1: a tab is used to indent/],
  ['a long key', `${long}: 1`, '1:1: a key is longer than 1,024 characters; shorten it'],
  ['too much nesting', '['.repeat(20_000), /^1:\d+: lists and objects are nested too deep/],
  ['a surrogate pair', 'a: [1] 😀', /^1:8: nothing can follow here/],
])('%s: what is wrong and what to do is said in our words', (_, text, expected) => {
  if (typeof expected === 'string') expect(complaint(text)).toBe(expected);
  else expect(complaint(text)).toMatch(expected);
});

/** Mistakes of every kind; what is made of them is what a file with half of a thing holds. */
const fragments = [
  'a',
  '"b c"',
  "'d",
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ': ',
  '- ',
  '*',
  '&x ',
  '!t ',
  '|',
  '> ',
  '%',
  '#',
  '\n',
  '\n  ',
  '\t',
  '---',
  '\\',
];

test('whatever is wrong, nothing of the library is repeated, and something is said', () => {
  const codes = new Set<string>();
  const wrong: string[] = [];
  const texts = fragments.flatMap((first) =>
    fragments.flatMap((second) => [
      `${first}${second}`,
      `k: ${first}${second}\nl: 1`,
      `- ${first}a${second}b`,
      `{ ${first}a ${second}b }`,
    ]),
  );
  for (const text of texts) {
    const [error] = parseDocument(text, { prettyErrors: false, logLevel: 'error' }).errors;
    if (!error) continue;
    codes.add(error.code);
    const told = complaint(text);
    const isOurs = /^\d+:\d+: [^\n]{20,}/.test(told) && !told.includes(error.message);
    if (!isOurs || /undefined|flow map|block map|scalar|-ind\b|indicator|token/i.test(told)) wrong.push(told);
  }
  expect(wrong).toEqual([]);
  expect(codes.size).toBeGreaterThan(8);
});

test('what has no fault is read, with places for what a schema says of it', () => {
  const read = readYaml('# c\na: { b: [1, 2] }\n', 'f');
  expect(read.value).toEqual({ a: { b: [1, 2] } });
  const [fault] = read.faultsOf([{ pointer: '/a/b/1', detail: 'is two' }]);
  expect(fault).toEqual({ line: 2, column: 13, pointer: '/a/b/1', detail: 'is two' });
});
