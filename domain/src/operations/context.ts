/** How the server itself is doing, for those who keep it running: rooms, delays, alarms, and what waits for a decision after a restore. */
export const context = { id: 'operations', dependsOn: ['organization'] } as const;
