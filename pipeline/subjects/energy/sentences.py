"""The sentence on energy."""

from pipeline.findings.story import Story, clause, sentence


def energy(story: Story, full: bool = False) -> str:
    """Energy, revenue, the price per kWh; with `full` also what each class of customers used."""
    clauses = [
        clause(story, "energy.energy", "energy"),
        clause(story, "energy.revenue", "revenue", most=1),
        clause(story, "energy.price_per_kwh", "price_per_kwh", most=0),
    ]
    if full:
        clauses.append(_classes(story))
    return sentence(story, clauses)


def _classes(story: Story) -> str:
    words = story.words
    items = [
        words(
            "sentences.energy.class",
            label=words.pick(one.zh, one.en.lower()),
            value=story.shown(f"energy_of_class.{one.key}"),
        )
        for one in story.profile.lists.get("grades", ())
        if story.number(f"energy_of_class.{one.key}")
    ]
    joint = words("sentences.list_joint")
    return words("sentences.energy.classes", list=joint.join(items)) if len(items) > 1 else ""


SENTENCES = {"energy": energy}
