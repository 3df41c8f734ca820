/** Where the Nx plugin keeps what `package-vm explain` reads; apart, as each Nx command loads it and nothing else. */
export { nxDataFolder, readRecord, recordFile } from './explain/run-record.js';
export type { Digests, RecordedRun, TaskRecord } from './explain/run-record.js';
