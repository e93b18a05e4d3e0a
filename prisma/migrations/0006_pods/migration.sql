-- Replicas of a cluster are pods: which one each is, on which node, and how far its log has been read.
-- What a pod works on isn't seen from outside of it: null, where 0 would be untrue.
ALTER TABLE "replica" ADD COLUMN "pod" TEXT,
  ADD COLUMN "pod_uid" TEXT,
  ADD COLUMN "node" TEXT,
  ADD COLUMN "log_read_to" TEXT,
  ALTER COLUMN "in_flight" DROP NOT NULL;
