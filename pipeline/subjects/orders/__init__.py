"""Service orders 服务工单: complaints and others, dispatched to engineers, with limits, escalations and follow-ups."""
