"""Programs that carry a plan to the hosts of git. They read a plan as data, and trust none of its words."""
