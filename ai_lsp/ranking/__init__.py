"""What was found put in order by models that compare texts: those of the roles `embed` and `rerank`."""
