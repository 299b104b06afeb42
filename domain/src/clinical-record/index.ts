export * from './allergy/allergy.ts';
export * from './observation/news2.ts';
