-- Errors are all answers of 400 and above; the server's own part of them is told apart.
ALTER TABLE "metric_sample" ADD COLUMN "server_errors" INTEGER NOT NULL DEFAULT 0;
