import { expect, it } from '@jest/globals';
import { possibleStreams } from '../../../../activities/home/placements/kinesis-local.ts';

it('looks for a stream by its own name and by what a journal says', () => {
  const created = [
    { address: 'x', type: 'aws_kinesis_stream', id: 'arn:aws:kinesis:us-east-1:000000000000:stream/other' },
    { address: 'y', type: 'terraform_data', id: 'z' },
  ];
  expect(possibleStreams('own', created)).toEqual(['own', 'other']);
});
