/**
 * Everything that is read with the clients that nearly every evaluation needs (CloudTrail, KMS, S3, AWS Config), to be loaded as
 * one file: a cold start that evaluates a trail takes them all, and each file more costs it a hundredth.
 */
export { configRecords } from './configRecords.ts';
export { keyReader } from './keys.ts';
export { keyItem } from './read/aggregator.ts';
export { readBucket } from './read/bucket.ts';
export { listTrails, readTrailStatus, statusNotRead } from './read/trail.ts';
export { readTrailEvents, trailEventsNotRead } from './read/trailEvents.ts';
