-- The dashboard and the charts ask for a deployment's last hour, whatever the variant.
CREATE INDEX "metric_sample_deployment_id_at_idx" ON "metric_sample"("deployment_id", "at");
