-- What the newest look at a deployment in a cluster found: whether it is as it was declared. Null: nobody has looked.
ALTER TABLE "deployment" ADD COLUMN "drift" JSONB;
