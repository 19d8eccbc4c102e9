"""意见建议: what people who work with the system say about it, and what the administrators reply."""
