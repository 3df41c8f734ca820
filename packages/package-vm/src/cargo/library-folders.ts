/** Where shared libraries are on the machines of most distributions. */
export const USUAL_LIBRARY_FOLDERS: readonly string[] = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/lib', '/usr/lib'];
