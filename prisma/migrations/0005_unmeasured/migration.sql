-- A load balancer that reads nothing in a connection counts no requests: null, where 0 would be untrue.
ALTER TABLE "metric_sample" ALTER COLUMN "requests" DROP NOT NULL,
  ALTER COLUMN "errors" DROP NOT NULL,
  ALTER COLUMN "server_errors" DROP NOT NULL;
