-- The portal's own tables; prisma/schema.prisma describes the same ones.

CREATE TABLE "user" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "email_verified" BOOLEAN NOT NULL DEFAULT false,
  "image" TEXT,
  "role" TEXT NOT NULL DEFAULT 'member',
  "disabled_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "session" (
  "id" TEXT NOT NULL,
  "token" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "user_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "account" (
  "id" TEXT NOT NULL,
  "account_id" TEXT NOT NULL,
  "provider_id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "access_token" TEXT,
  "refresh_token" TEXT,
  "id_token" TEXT,
  "access_token_expires_at" TIMESTAMPTZ(3),
  "refresh_token_expires_at" TIMESTAMPTZ(3),
  "scope" TEXT,
  "password" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "verification" (
  "id" TEXT NOT NULL,
  "identifier" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "api_key" (
  "id" TEXT NOT NULL,
  "user_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "prefix" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3),
  "last_used_at" TIMESTAMPTZ(3),
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "sign_in_link" (
  "id" TEXT NOT NULL,
  "token_hash" TEXT NOT NULL,
  "purpose" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "role" TEXT NOT NULL DEFAULT 'member',
  "created_by_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "used_at" TIMESTAMPTZ(3),

  CONSTRAINT "sign_in_link_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "audit_entry" (
  "id" BIGSERIAL NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actor_type" TEXT NOT NULL,
  "actor_id" TEXT,
  "action" TEXT NOT NULL,
  "subject_id" TEXT NOT NULL,
  "detail" JSONB NOT NULL DEFAULT '{}',

  CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "deployment" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "owner_id" TEXT NOT NULL,
  "target" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "status_code" TEXT,
  "status_message" TEXT,
  "revision_id" TEXT,
  "fence" INTEGER NOT NULL DEFAULT 0,
  "endpoint" JSONB,
  "replicas_desired" INTEGER NOT NULL DEFAULT 0,
  "replicas_ready" INTEGER NOT NULL DEFAULT 0,
  "stack_secrets" TEXT,
  "probe_key" TEXT,
  "receipt" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "ready_at" TIMESTAMPTZ(3),
  "expires_at" TIMESTAMPTZ(3),
  "destroyed_at" TIMESTAMPTZ(3),

  CONSTRAINT "deployment_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "revision" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "spec" JSONB NOT NULL,
  "created_by_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "revision_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "secret" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "sealed" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "secret_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "endpoint_key" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "purpose" TEXT NOT NULL DEFAULT 'person',
  "prefix" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revoked_at" TIMESTAMPTZ(3),

  CONSTRAINT "endpoint_key_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "operation" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "revision_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "status" TEXT NOT NULL DEFAULT 'queued',
  "attempt" INTEGER NOT NULL DEFAULT 0,
  "fence" INTEGER NOT NULL DEFAULT 0,
  "lease_until" TIMESTAMPTZ(3),
  "worker_id" TEXT,
  "host" TEXT,
  "runner_pid" INTEGER,
  "runner_started_at" TEXT,
  "cancel_requested_at" TIMESTAMPTZ(3),
  "error_code" TEXT,
  "error_message" TEXT,
  "plan" JSONB,
  "receipt" JSONB,
  "last_seq" INTEGER NOT NULL DEFAULT 0,
  "actor_type" TEXT NOT NULL,
  "actor_id" TEXT,
  "queued_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "started_at" TIMESTAMPTZ(3),
  "finished_at" TIMESTAMPTZ(3),

  CONSTRAINT "operation_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "operation_event" (
  "operation_id" TEXT NOT NULL,
  "seq" INTEGER NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "attempt" INTEGER NOT NULL,
  "kind" TEXT NOT NULL,
  "data" JSONB NOT NULL,

  CONSTRAINT "operation_event_pkey" PRIMARY KEY ("operation_id", "seq")
);

CREATE TABLE "stack_export" (
  "id" TEXT NOT NULL,
  "operation_id" TEXT NOT NULL,
  "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "sealed" TEXT NOT NULL,

  CONSTRAINT "stack_export_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "tool" (
  "name" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "version" TEXT,
  "source" TEXT,
  "step" TEXT,
  "progress" DOUBLE PRECISION,
  "message" TEXT,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "tool_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "target_state" (
  "name" TEXT NOT NULL,
  "available" BOOLEAN NOT NULL,
  "reason" TEXT,
  "checked_at" TIMESTAMPTZ(3) NOT NULL,

  CONSTRAINT "target_state_pkey" PRIMARY KEY ("name")
);

CREATE TABLE "replica" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "variant" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "state" TEXT NOT NULL,
  "pid" INTEGER,
  "restarts" INTEGER NOT NULL DEFAULT 0,
  "in_flight" INTEGER NOT NULL DEFAULT 0,
  "started_at" TIMESTAMPTZ(3),
  "message" TEXT,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "replica_log_line" (
  "id" BIGSERIAL NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "replica_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "line" TEXT NOT NULL,

  CONSTRAINT "replica_log_line_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "scale_step" (
  "id" BIGSERIAL NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "variant" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "from" INTEGER NOT NULL,
  "to" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,

  CONSTRAINT "scale_step_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "metric_sample" (
  "deployment_id" TEXT NOT NULL,
  "variant" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "requests" INTEGER NOT NULL DEFAULT 0,
  "errors" INTEGER NOT NULL DEFAULT 0,
  "latency_p50_ms" DOUBLE PRECISION,
  "latency_p95_ms" DOUBLE PRECISION,
  "in_flight" INTEGER NOT NULL DEFAULT 0,
  "queued" INTEGER NOT NULL DEFAULT 0,
  "replicas_ready" INTEGER NOT NULL DEFAULT 0,

  CONSTRAINT "metric_sample_pkey" PRIMARY KEY ("deployment_id", "variant", "at")
);

CREATE TABLE "request_row" (
  "id" TEXT NOT NULL,
  "deployment_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "method" TEXT NOT NULL,
  "path" TEXT NOT NULL,
  "status" INTEGER NOT NULL,
  "variant" TEXT,
  "replica_id" TEXT,
  "queue_ms" DOUBLE PRECISION NOT NULL,
  "connect_ms" DOUBLE PRECISION NOT NULL,
  "response_ms" DOUBLE PRECISION NOT NULL,
  "total_ms" DOUBLE PRECISION NOT NULL,
  "bytes_out" INTEGER NOT NULL,

  CONSTRAINT "request_row_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "idempotent_answer" (
  "user_id" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "body_hash" TEXT NOT NULL,
  "status" INTEGER,
  "body" JSONB,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "idempotent_answer_pkey" PRIMARY KEY ("user_id", "key")
);

CREATE TABLE "setting" (
  "name" TEXT NOT NULL,
  "value" TEXT NOT NULL,

  CONSTRAINT "setting_pkey" PRIMARY KEY ("name")
);

CREATE UNIQUE INDEX "user_email_key" ON "user"("email");
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");
CREATE INDEX "session_user_id_idx" ON "session"("user_id");
CREATE INDEX "account_user_id_idx" ON "account"("user_id");
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");
CREATE UNIQUE INDEX "api_key_hash_key" ON "api_key"("hash");
CREATE INDEX "api_key_user_id_idx" ON "api_key"("user_id");
CREATE UNIQUE INDEX "sign_in_link_token_hash_key" ON "sign_in_link"("token_hash");
CREATE INDEX "audit_entry_subject_id_id_idx" ON "audit_entry"("subject_id", "id");
CREATE INDEX "deployment_owner_id_created_at_idx" ON "deployment"("owner_id", "created_at");
CREATE UNIQUE INDEX "revision_deployment_id_number_key" ON "revision"("deployment_id", "number");
CREATE INDEX "secret_deployment_id_idx" ON "secret"("deployment_id");
CREATE UNIQUE INDEX "endpoint_key_hash_key" ON "endpoint_key"("hash");
CREATE INDEX "endpoint_key_deployment_id_idx" ON "endpoint_key"("deployment_id");
CREATE INDEX "operation_deployment_id_queued_at_idx" ON "operation"("deployment_id", "queued_at");
CREATE INDEX "operation_status_lease_until_idx" ON "operation"("status", "lease_until");
CREATE INDEX "stack_export_operation_id_idx" ON "stack_export"("operation_id");
CREATE INDEX "replica_deployment_id_idx" ON "replica"("deployment_id");
CREATE INDEX "replica_log_line_deployment_id_id_idx" ON "replica_log_line"("deployment_id", "id");
CREATE INDEX "scale_step_deployment_id_id_idx" ON "scale_step"("deployment_id", "id");
CREATE INDEX "request_row_deployment_id_at_idx" ON "request_row"("deployment_id", "at");

ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "api_key" ADD CONSTRAINT "api_key_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "deployment" ADD CONSTRAINT "deployment_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "revision" ADD CONSTRAINT "revision_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "secret" ADD CONSTRAINT "secret_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "endpoint_key" ADD CONSTRAINT "endpoint_key_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "operation" ADD CONSTRAINT "operation_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "operation" ADD CONSTRAINT "operation_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "revision"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "operation_event" ADD CONSTRAINT "operation_event_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "stack_export" ADD CONSTRAINT "stack_export_operation_id_fkey" FOREIGN KEY ("operation_id") REFERENCES "operation"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "replica" ADD CONSTRAINT "replica_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "replica_log_line" ADD CONSTRAINT "replica_log_line_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "scale_step" ADD CONSTRAINT "scale_step_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "metric_sample" ADD CONSTRAINT "metric_sample_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "request_row" ADD CONSTRAINT "request_row_deployment_id_fkey" FOREIGN KEY ("deployment_id") REFERENCES "deployment"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma can't say.

-- A live deployment's name is unique in the portal; a destroyed one's name is free.
CREATE UNIQUE INDEX "deployment_live_name_key" ON "deployment"("name") WHERE "status" <> 'destroyed';

-- At most one operation runs at a time per deployment.
CREATE UNIQUE INDEX "operation_one_running_key" ON "operation"("deployment_id") WHERE "status" = 'running';
