export { regionOf } from '../region.js';
export type { Region } from '../region.js';
export { layOutFileSystem } from './lay-out-file-system.js';
export type { FileSystemLayout, FileSystemSpec } from './lay-out-file-system.js';
export { openFileSystem } from './open-file-system.js';
export type { FileSystem } from './open-file-system.js';
export type { ImageEntry, ImageFileEntry } from './read-tree.js';
