import { expect, it } from '@jest/globals';
import { lockedProviders } from '../../../../activities/home/folder/providers.ts';

it('providers are read from the lock file', () => {
  const text =
    '# made by init\n\nprovider "some.host/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = [\n  ]\n}\n';
  expect(lockedProviders(text)).toEqual({ 'hashicorp/aws': '5.100.0' });
  expect(lockedProviders('')).toEqual({});
});
