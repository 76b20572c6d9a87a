/**
 * The stage of a queued sync whose job has failed and will be tried again. Displays show their own words for it; older
 * ones show it as it is.
 */
export const RETRY_STAGE = "Trying again...";
