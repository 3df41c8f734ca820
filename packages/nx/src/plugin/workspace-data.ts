/** Where Nx keeps what belongs to one checkout. */
export { nxDataFolder as workspaceDataFolder } from 'package-vm/run-record';
