/** Google's words for how a domain's certificate is, as people say it. */
export const certificateStates: Record<string, string> = {
  PROVISIONING: "Google is about to make it",
  ACTIVE: "it is made, and reaches Google’s load balancer within minutes",
  FAILED_NOT_VISIBLE: "Google doesn’t find the DNS record yet",
  FAILED_CAA_CHECKING: "Google couldn’t read the CAA records",
  FAILED_CAA_FORBIDDEN: "a CAA record forbids it",
  FAILED_RATE_LIMITED: "Google was asked for too many",
};
