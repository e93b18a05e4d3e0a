-- Replicas of a cluster are pods: which one each is, on which node, and how far its log has been read.
ALTER TABLE "replica" ADD COLUMN "pod" TEXT,
  ADD COLUMN "pod_uid" TEXT,
  ADD COLUMN "node" TEXT,
  ADD COLUMN "log_read_to" TEXT;
