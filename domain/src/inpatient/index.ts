export * from './ward-board/board.ts';
export * from './ward-board/board-state.ts';
export * from './ward-board/counters.ts';
export * from './ward-board/live.ts';
export * from './bed-assignment/bed-assignment.ts';
export * from './bed-assignment/commands.ts';
export * from './bed-assignment/verdict.ts';
export * from './bed-assignment/policy.ts';
