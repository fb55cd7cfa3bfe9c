import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  readJson,
  readJsonOrNull,
  writeJsonAtomic,
  writeJsonExclusive,
  writeTextAtomic,
} from '../../src/machine/atomic-file.ts';

const root = mkdtempSync(join(tmpdir(), 'atomic-file-'));
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
  file = join(folder, 'file');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const permissions = () => statSync(file).mode & 0o777;

test('a text takes the place of the old one, and nothing else is left', () => {
  writeFileSync(file, 'a long old text');
  writeTextAtomic(file, 'new', 0o644);
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(permissions()).toBe(0o644);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('JSON is for this user only, unless something else is said', () => {
  writeJsonAtomic(file, { a: 1 });
  expect(permissions()).toBe(0o600);
  expect(readJson(file, z.object({ a: z.number() }))).toEqual({ a: 1 });
});

test('of two that write where nothing is, the first wins', () => {
  expect(writeJsonExclusive(file, 1)).toBe(true);
  expect(writeJsonExclusive(file, 2)).toBe(false);
  expect(readJson(file, z.number())).toBe(1);
  expect(readdirSync(folder)).toEqual(['file']);
});

test('a folder that is gone does not come back', () => {
  expect(() => writeJsonAtomic(join(folder, 'gone', 'file'), 1)).toThrow('ENOENT');
  expect(readdirSync(folder)).toEqual([]);
});

test('what cannot take its place leaves nothing behind', () => {
  mkdirSync(join(file, 'in-the-way'), { recursive: true });
  expect(() => writeTextAtomic(file, 'new')).toThrow();
  expect(readdirSync(folder)).toEqual(['file']);
});

test('there is no JSON where there is no file', () => {
  expect(readJson(file, z.number())).toBeNull();
});

test.each(['', '{"a":', '{"a":"1"}', '[]'])('there is none in what a crash may leave: %j', (text) => {
  writeFileSync(file, text);
  const schema = z.object({ a: z.number() });
  expect(() => readJson(file, schema)).toThrow();
  expect(readJsonOrNull(file, schema)).toBeNull();
});

test('what cannot be read is not taken for nothing', () => {
  mkdirSync(file);
  expect(() => readJsonOrNull(file, z.unknown())).toThrow(`${file} cannot be read: EISDIR`);
});
