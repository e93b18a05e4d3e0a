import { neededApis, rights } from "#lib/targets/gke/rights.ts";

/**
 * Prepares a Google project: its APIs, Sluice's account with the roles that a check asks for, and the account of nodes.
 * docs/gke.md has it too.
 */
export const prepareScript = String.raw`PROJECT=MY-PROJECT
SLUICE=sluice@$PROJECT.iam.gserviceaccount.com
NODES=sluice-nodes@$PROJECT.iam.gserviceaccount.com

# What was just made isn't known everywhere at once, so each step is tried for a minute.
again() { for _ in 1 2 3 4 5 6; do "$@" >/dev/null && return; sleep 10; done; echo "Failed: $*" >&2; return 1; }
account() { gcloud iam service-accounts describe "$1@$PROJECT.iam.gserviceaccount.com" --project="$PROJECT" >/dev/null 2>&1 ||
  gcloud iam service-accounts create "$1" --project="$PROJECT" --display-name="$2"; }
grant() { again gcloud projects add-iam-policy-binding "$PROJECT" --member="serviceAccount:$1" --role="$2" --condition=None; }
act_as() { again gcloud iam service-accounts add-iam-policy-binding "$1" --project="$PROJECT" \
  --member="serviceAccount:$SLUICE" --role=roles/iam.serviceAccountUser; }

# 1. The APIs.
gcloud services enable --project="$PROJECT" \
${lines(Object.keys(neededApis))}

# 2. The account that Sluice asks with.
account sluice "Sluice"
for role in \
${lines(rights.map(({ role }) => role))}
do grant "$SLUICE" "$role"; done

# 3. The account that nodes act as: logs, metrics, images.
account sluice-nodes "Nodes of Sluice's clusters"
for role in roles/container.defaultNodeServiceAccount roles/artifactregistry.reader
do grant "$NODES" "$role"; done

# 4. Sluice may run machines as it, and as the project's default account.
NUMBER=$(gcloud projects describe "$PROJECT" --format='value(projectNumber)')
act_as "$NODES"
act_as "$NUMBER-compute@developer.gserviceaccount.com"
`;

function lines(words: readonly string[]): string {
  return words.map((word) => `  ${word}`).join(" \\\n");
}
