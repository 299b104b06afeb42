import { inflateRawSync } from 'node:zlib';
import type { DicomJson } from '../dicom/json.ts';

const BOUND = 64 * 1024 * 1024;

/** The dataset of a stored instance; it was written by our own ingest and is bounded there. */
export const metadataText = (packed: Uint8Array): string => inflateRawSync(packed, { maxOutputLength: BOUND }).toString('utf8');
export const metadataOf = (packed: Uint8Array): DicomJson => JSON.parse(metadataText(packed)) as DicomJson;
