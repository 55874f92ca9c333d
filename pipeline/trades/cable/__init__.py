"""The cable operator 广电: group customers (hotels, offices, shops) with their households."""
