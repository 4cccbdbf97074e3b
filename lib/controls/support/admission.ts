import type { AdmissionRule, Setting } from '../../settings/setting';

/** A rule of admission for everything outside the control plane's own namespaces. */
export const admissionRule = (rule: AdmissionRule): Setting => ({
  kind: 'platform-feature',
  feature: 'admission-rule',
  rule,
});
