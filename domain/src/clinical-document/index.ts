export * from './note/note.ts';
export * from './note/live.ts';
export * from './note/content.ts';
export * from './note/trace.ts';
export * from './note/signature.ts';
export * from './note/policy.ts';
export * from './note/decide.ts';
export * from './note/commands.ts';
