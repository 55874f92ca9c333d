"""What waits for the regional manager 待审批: cases to decide, downgrades proposed, the recommended list, reports."""
