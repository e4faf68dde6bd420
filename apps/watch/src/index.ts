export { Watcher, type WatchLog } from './watcher.ts';
export { readWatchConfig, WatchConfigError, type WatchConfig } from './watch-config.ts';
