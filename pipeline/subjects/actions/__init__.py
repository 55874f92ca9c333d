"""What managers set out to do 问题与对策: actions with an owner and a day."""
