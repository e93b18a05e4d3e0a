-- A target may be a Google project too: its credentials are a service account's key, or none where it is the worker's own
-- account, and of a cluster nothing is known.
ALTER TABLE "target" RENAME COLUMN "kubeconfig" TO "credentials";
ALTER TABLE "target" ALTER COLUMN "server" DROP NOT NULL;
ALTER TABLE "target" ALTER COLUMN "context_name" DROP NOT NULL;
ALTER TABLE "target" ALTER COLUMN "cluster_identifier" DROP NOT NULL;

-- Static files, uploaded before the deployment that serves them is asked for.
CREATE TABLE "archive" (
  "id" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "deployment_id" TEXT,
  "name" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "contents" JSONB NOT NULL,
  "sha256" TEXT NOT NULL,
  "content" BYTEA NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "archive_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "archive_deployment_id_idx" ON "archive"("deployment_id");
CREATE INDEX "archive_owner_id_created_at_idx" ON "archive"("owner_id", "created_at");

ALTER TABLE "archive" ADD CONSTRAINT "archive_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was seen of a deployment's domain, and how far the figures that Google's load balancer counts were read.
ALTER TABLE "deployment" ADD COLUMN "domain_state" JSONB;
ALTER TABLE "deployment" ADD COLUMN "measured" JSONB;

-- What Prisma can't say.

-- A cluster is always known by these.
ALTER TABLE "target" ADD CONSTRAINT "target_cluster_is_known" CHECK (
  "kind" <> 'kubernetes' OR ("server" IS NOT NULL AND "context_name" IS NOT NULL AND "cluster_identifier" IS NOT NULL)
);
