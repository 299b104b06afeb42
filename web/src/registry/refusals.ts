// Generated from the folders by `npm run registries`. Do not edit.
import type { RefusalFacts } from '@tongping/domain/kernel';
import { refusals as clinicalDocumentNoteZh } from '../modules/clinical-document/note/i18n/zh-CN.ts';
import { refusals as clinicalDocumentNoteEn } from '../modules/clinical-document/note/i18n/en.ts';
import { refusals as clinicalRecordAllergyZh } from '../modules/clinical-record/allergy/i18n/zh-CN.ts';
import { refusals as clinicalRecordAllergyEn } from '../modules/clinical-record/allergy/i18n/en.ts';
import { refusals as clinicalRecordConditionZh } from '../modules/clinical-record/condition/i18n/zh-CN.ts';
import { refusals as clinicalRecordConditionEn } from '../modules/clinical-record/condition/i18n/en.ts';
import { refusals as clinicalRecordMedicationZh } from '../modules/clinical-record/medication/i18n/zh-CN.ts';
import { refusals as clinicalRecordMedicationEn } from '../modules/clinical-record/medication/i18n/en.ts';
import { refusals as clinicalRecordObservationZh } from '../modules/clinical-record/observation/i18n/zh-CN.ts';
import { refusals as clinicalRecordObservationEn } from '../modules/clinical-record/observation/i18n/en.ts';
import { refusals as identityAccessAccountZh } from '../modules/identity-access/account/i18n/zh-CN.ts';
import { refusals as identityAccessAccountEn } from '../modules/identity-access/account/i18n/en.ts';
import { refusals as imagingReadingZh } from '../modules/imaging/reading/i18n/zh-CN.ts';
import { refusals as imagingReadingEn } from '../modules/imaging/reading/i18n/en.ts';
import { refusals as inpatientBedAssignmentZh } from '../modules/inpatient/bed-assignment/i18n/zh-CN.ts';
import { refusals as inpatientBedAssignmentEn } from '../modules/inpatient/bed-assignment/i18n/en.ts';
import { refusals as inpatientExtraBedZh } from '../modules/inpatient/extra-bed/i18n/zh-CN.ts';
import { refusals as inpatientExtraBedEn } from '../modules/inpatient/extra-bed/i18n/en.ts';
import { refusals as inpatientStayZh } from '../modules/inpatient/stay/i18n/zh-CN.ts';
import { refusals as inpatientStayEn } from '../modules/inpatient/stay/i18n/en.ts';
import { refusals as inpatientWardTransferZh } from '../modules/inpatient/ward-transfer/i18n/zh-CN.ts';
import { refusals as inpatientWardTransferEn } from '../modules/inpatient/ward-transfer/i18n/en.ts';
import { refusals as interoperabilityFhirImportZh } from '../modules/interoperability/fhir-import/i18n/zh-CN.ts';
import { refusals as interoperabilityFhirImportEn } from '../modules/interoperability/fhir-import/i18n/en.ts';
import { refusals as nursingLevelZh } from '../modules/nursing/level/i18n/zh-CN.ts';
import { refusals as nursingLevelEn } from '../modules/nursing/level/i18n/en.ts';
import { refusals as nursingRiskZh } from '../modules/nursing/risk/i18n/zh-CN.ts';
import { refusals as nursingRiskEn } from '../modules/nursing/risk/i18n/en.ts';
import { refusals as operationsQuarantineZh } from '../modules/operations/quarantine/i18n/zh-CN.ts';
import { refusals as operationsQuarantineEn } from '../modules/operations/quarantine/i18n/en.ts';
import { refusals as patientRegistryZh } from '../modules/patient/registry/i18n/zh-CN.ts';
import { refusals as patientRegistryEn } from '../modules/patient/registry/i18n/en.ts';
import { refusals as terminologyCodeSystemZh } from '../modules/terminology/code-system/i18n/zh-CN.ts';
import { refusals as terminologyCodeSystemEn } from '../modules/terminology/code-system/i18n/en.ts';

type Sentence = (facts: RefusalFacts) => string;
/** What a refusal says to the person who meets it, by its code. */
export const refusals: Readonly<Record<'zh-CN' | 'en', Readonly<Record<string, Sentence>>>> = {
	'zh-CN': {
		...clinicalDocumentNoteZh,
		...clinicalRecordAllergyZh,
		...clinicalRecordConditionZh,
		...clinicalRecordMedicationZh,
		...clinicalRecordObservationZh,
		...identityAccessAccountZh,
		...imagingReadingZh,
		...inpatientBedAssignmentZh,
		...inpatientExtraBedZh,
		...inpatientStayZh,
		...inpatientWardTransferZh,
		...interoperabilityFhirImportZh,
		...nursingLevelZh,
		...nursingRiskZh,
		...operationsQuarantineZh,
		...patientRegistryZh,
		...terminologyCodeSystemZh
	},
	en: {
		...clinicalDocumentNoteEn,
		...clinicalRecordAllergyEn,
		...clinicalRecordConditionEn,
		...clinicalRecordMedicationEn,
		...clinicalRecordObservationEn,
		...identityAccessAccountEn,
		...imagingReadingEn,
		...inpatientBedAssignmentEn,
		...inpatientExtraBedEn,
		...inpatientStayEn,
		...inpatientWardTransferEn,
		...interoperabilityFhirImportEn,
		...nursingLevelEn,
		...nursingRiskEn,
		...operationsQuarantineEn,
		...patientRegistryEn,
		...terminologyCodeSystemEn
	}
};
