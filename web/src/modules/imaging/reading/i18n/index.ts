export { text as zh } from './zh-CN.ts';
export { text as en } from './en.ts';
