export { checkBootLoader, withPartitions } from './boot-loader.js';
export { decodeKlog, klogDump } from './klog.js';
export type { Klog } from './klog.js';
export { bootRegion, masterBootRecord, partitionEntry, PARTITION_TYPES } from './master-boot-record.js';
export type { BootRegion, MasterBootRecord, PartitionEntry } from './master-boot-record.js';
export { nanosPartition } from './partition.js';
export { readKlog, readMbr } from './read-mbr.js';
export type { Mbr, Partition } from './read-mbr.js';
