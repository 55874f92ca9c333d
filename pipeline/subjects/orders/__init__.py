"""Service orders 服务工单: complaints and other orders, dispatched to engineers, with limits, escalations and follow-ups."""
