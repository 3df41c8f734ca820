import { resolve } from 'node:path';

/** Where Nx keeps what belongs to one checkout, as `workspaceDataDirectoryForWorkspace` of Nx has it, which would take 0.2 s to load. */
export function workspaceDataFolder(workspaceRoot: string): string {
  const { NX_WORKSPACE_DATA_DIRECTORY, NX_PROJECT_GRAPH_CACHE_DIRECTORY } = process.env;
  return resolve(workspaceRoot, NX_WORKSPACE_DATA_DIRECTORY ?? NX_PROJECT_GRAPH_CACHE_DIRECTORY ?? '.nx/workspace-data');
}
