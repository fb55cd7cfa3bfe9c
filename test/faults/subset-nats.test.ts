import { faultSubset } from './cells/subset.ts';

faultSubset('nats');
