-- Clusters that an admin registers, and the queue of what the worker looks at beside operations.

CREATE TABLE "target" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "settings" JSONB NOT NULL,
  "kubeconfig" TEXT,
  "server" TEXT NOT NULL,
  "context_name" TEXT NOT NULL,
  "cluster_identifier" TEXT NOT NULL,
  "cluster_uid" TEXT,
  "credentials_expire_at" TIMESTAMPTZ(3),
  "findings" JSONB,
  "checked_at" TIMESTAMPTZ(3),
  "created_by_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "removed_at" TIMESTAMPTZ(3),

  CONSTRAINT "target_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "job" (
  "id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "input" JSONB NOT NULL DEFAULT '{}',
  "status" TEXT NOT NULL DEFAULT 'queued',
  "attempt" INTEGER NOT NULL DEFAULT 0,
  "result" JSONB,
  "message" TEXT,
  "requested_by_id" TEXT,
  "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "lease_until" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),

  CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "deployment" ADD COLUMN "target_id" TEXT;

CREATE INDEX "deployment_target_id_idx" ON "deployment"("target_id");
CREATE INDEX "job_status_requested_at_idx" ON "job"("status", "requested_at");
CREATE INDEX "job_subject_id_requested_at_idx" ON "job"("subject_id", "requested_at");

ALTER TABLE "deployment" ADD CONSTRAINT "deployment_target_id_fkey" FOREIGN KEY ("target_id") REFERENCES "target"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma can't say.

-- A removed target's name is free.
CREATE UNIQUE INDEX "target_live_name_key" ON "target"("name") WHERE "removed_at" IS NULL;

-- Asked for twice, a thing is looked at once: what waits is still to see whatever changes until it begins.
CREATE UNIQUE INDEX "job_one_queued_key" ON "job"("kind", "subject_id") WHERE "status" = 'queued';
