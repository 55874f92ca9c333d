"""Agency 广告: drafts that go round, deals by stage, contracts and what comes in for them."""
