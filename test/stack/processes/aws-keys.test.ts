import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { awsKeys } from '../../../src/stack/processes/aws-keys.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'comparator-keys-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test.each(['', '{"accessKeyId":"CMP', '[]', '{}', '\0\0\0'])(
  'a file of keys that is %p is made anew, once',
  (text) => {
    mkdirSync(join(home, 'aws'));
    writeFileSync(join(home, 'aws', 'keys.json'), text);
    const keys = awsKeys({ home });
    expect(keys.accessKeyId).toMatch(/^CMP[0-9A-F]{32}$/);
    expect(awsKeys({ home })).toEqual(keys);
  },
);
