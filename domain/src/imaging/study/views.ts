import type { PatientId } from '../../kernel/index.ts';
import type { AcceptedMeasurement } from '../reading/reading.ts';
import type { ReportView } from '../report/report.ts';
import type { ChartIdentity, HeaderIdentity, IdentityComparison } from './identity.ts';
import type { Matching, ReadingId, ReportId, StudyId } from './study.ts';

/** One line of the worklist. */
export interface WorklistRow {
	readonly study: StudyId;
	readonly reading: ReadingId;
	readonly report: ReportId;
	readonly studyUid: string;
	readonly header: HeaderIdentity;
	readonly matching: Matching;
	/** the chart's person, once matched */
	readonly chart: (ChartIdentity & { readonly patient: PatientId }) | null;
	readonly modalities: readonly string[];
	readonly description: string | null;
	/** `YYYY-MM-DD`, as the machine wrote it */
	readonly studyDate: string | null;
	readonly studyTime: string | null;
	readonly accession: string | null;
	readonly series: number;
	readonly instances: number;
	readonly receivedAt: number;
	readonly reportStatus: 'draft' | 'preliminary' | 'reviewed';
}

export interface InstanceView {
	readonly sopUid: string;
	readonly sopClass: string;
	readonly number: number | null;
	/** 0 = holds no pixels (report, waveform, plan) */
	readonly frames: number;
	readonly rows: number | null;
	readonly columns: number | null;
	readonly transferSyntax: string;
}

export interface SeriesView {
	readonly seriesUid: string;
	readonly modality: string;
	readonly number: number | null;
	readonly description: string | null;
	readonly bodyPart: string | null;
	/** sorted along the slice normal, else by InstanceNumber */
	readonly instances: readonly InstanceView[];
	/** `/dicomweb/...` addresses */
	readonly metadataUrl: string;
	readonly thumbnailUrl: string | null;
}

/** Everything the reading page needs at once: one request before the first picture. */
export interface StudyView extends WorklistRow {
	readonly comparison: IdentityComparison | null;
	readonly seriesList: readonly SeriesView[];
	readonly measurements: readonly AcceptedMeasurement[];
	readonly reportView: ReportView;
	readonly rights: {
		readonly draw: boolean;
		readonly accept: boolean;
		readonly match: boolean;
		readonly confirmIdentity: boolean;
		readonly write: boolean;
		readonly submit: boolean;
		readonly review: boolean;
		readonly addendum: boolean;
	};
}

/** The address of one frame (1-based) under `/dicomweb`. */
export const frameUrl = (studyUid: string, seriesUid: string, sopUid: string, frame: number): string =>
	`/dicomweb/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}/frames/${frame}`;
export const seriesMetadataUrl = (studyUid: string, seriesUid: string): string => `/dicomweb/studies/${studyUid}/series/${seriesUid}/metadata`;
export const thumbnailUrl = (studyUid: string, seriesUid: string, sopUid: string): string =>
	`/dicomweb/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}/rendered?viewport=128,128`;
