/** The light way in for the Nx plugin: TOML and JSON readers, not zod, not execa. */
export {};
