/** The browser-safe door of imaging: studies and whose they are, shared readings, reports. */
export * from './study/study.ts';
export * from './study/identity.ts';
export * from './study/reasons.ts';
export * from './study/views.ts';
export type { DicomJson } from './study/dicom/json.ts';
export { mayReport, mayReview, maySeeStudy, mayDraw, mayMatch, mayConfirmIdentity, mayImport } from './study/policy.ts';
export * from './reading/reading.ts';
export * from './reading/geometry.ts';
export * from './reading/live.ts';
export * from './report/report.ts';
export * from './report/content.ts';
export * from './report/live.ts';
