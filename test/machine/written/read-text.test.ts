import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { loadSpecFile, parseSpec } from '../../../src/cli/spec-file/load-file.ts';
import { decodeText, readText } from '../../../src/machine/written/read-text.ts';

function refusal(bytes: Uint8Array): string {
  try {
    decodeText(bytes, 'file');
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

const notText = 'file:1:1: the file is not text; give one in YAML or JSON';

test.each<[string, Uint8Array, string]>([
  ['a program', Buffer.from('\u007fELF\u0002\u0001\0\0\u001b[31m', 'latin1'), notText],
  ['a picture', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), notText],
  ['a text with a zero byte', Buffer.from('name: x\0'), notText],
  [
    'UTF-16',
    Buffer.from('\uFEFFname: x', 'utf16le'),
    'file:1:1: the file is in UTF-16, not UTF-8; save it as UTF-8',
  ],
  [
    'UTF-16, big-endian',
    Buffer.from('\uFEFFname: x', 'utf16le').swap16(),
    'file:1:1: the file is in UTF-16, not UTF-8; save it as UTF-8',
  ],
  [
    'UTF-16 without a mark',
    Buffer.from('name: x', 'utf16le'),
    'file:1:1: the file is in UTF-16, not UTF-8; save it as UTF-8',
  ],
  [
    'Latin-1',
    Buffer.from('# a\nname: Köln', 'latin1'),
    'file:2:8: this character is not UTF-8; save the file as UTF-8',
  ],
  [
    'a control character',
    Buffer.from('name: a\n  b\u001b[31m'),
    'file:2:4: the control character U+001B is not text; remove it',
  ],
])('%s is refused, and nothing of it is repeated', (_, bytes, message) => {
  expect(refusal(bytes)).toBe(message);
});

test('text of any script is read, with a byte-order mark or without', () => {
  const text = 'name: Köln 東京\r\n\ttechnology: kafka\n';
  expect(decodeText(Buffer.from(text), 'file')).toBe(text);
  expect(decodeText(Buffer.from(`\uFEFF${text}`), 'file')).toBe(text);
});

test.each(['spec.yaml', 'spec.json'])('a byte-order mark is no fault in %s', (file) => {
  const text =
    '\uFEFF{"name": "x", "technology": "kafka", "workload": {"load": {"shape": "constant", "messagesPerSecond": 1}}}';
  expect(parseSpec(text, file).kind).toBe('experiment');
});

test('what cannot be read is said why', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cmp-test-read-'));
  try {
    const large = join(folder, 'large.yaml');
    writeFileSync(large, Buffer.alloc(1024 * 1024 + 1, 'a'));
    expect(() => readText(large)).toThrow(`${large} cannot be read: it is larger than 1 MiB`);
    expect(() => loadSpecFile(folder)).toThrow(`${folder} cannot be read: it is a folder`);
    expect(() => readText('/dev/zero')).toThrow('/dev/zero cannot be read: it is larger than 1 MiB');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
