"""What the rooms hand each other: settings, figures, facts, reports, problems, refusals, the layout of forms."""
