import { faultSubset } from './subset.ts';

faultSubset('nats');
